import type { Config } from './config.ts';

/** The parts of a bundle that an import reads. */
export type Part = 'preprocessing' | 'inferer' | 'postprocessing';

/** Where bundles write them that do not name them by themselves. */
const places: Readonly<Record<Part, readonly string[]>> = {
  preprocessing: ['dataset#transform', 'dataloader#dataset#transform'],
  inferer: ['evaluator#inferer'],
  postprocessing: ['evaluator#postprocessing'],
};

/** Where a part stands: by its own name, which MONAI's specification of bundles asks for, else where it is used. */
export function partOf(config: Config, part: Part): string {
  return [part, ...places[part]].find((id) => config.has(id)) ?? part;
}
