import type { ComputePlace, RuntimeKind } from '../../analysis/index.ts';
import { dcmCodes } from '../../dicom/index.ts';
import { factNames, type FactKey } from './algorithm-identification.ts';
import { childrenOf, type ContentNode } from './content-tree.ts';

/** The run facts of TID 4019's Algorithm Parameters, by name, in order. */
export type Facts = (key: FactKey) => readonly string[];

export function factsOf(node: ContentNode): Facts {
  const parameters = childrenOf(node, 'TEXT', dcmCodes.algorithmParameters)
    .map((child) => child.attributes['TextValue'])
    .filter((value) => typeof value === 'string');
  return (key) => {
    const prefix = `${factNames[key]}: `;
    return parameters.filter((text) => text.startsWith(prefix)).map((text) => text.slice(prefix.length));
  };
}

const runtimes: readonly RuntimeKind[] = ['webgpu', 'wasm', 'node-cpu', 'node-gpu', 'remote'];
const asRuntime = (text: string | undefined): RuntimeKind | null => runtimes.find((kind) => kind === text) ?? null;

/** Where the result was computed; null where the document does not say. */
export function placeOf(facts: Facts): ComputePlace | null {
  const [location] = facts('location');
  const runtime = asRuntime(facts('runtime')[0]);
  const threads = Number(facts('threads')[0] ?? '1');
  if ((location !== 'browser' && location !== 'server') || runtime === null || !Number.isInteger(threads)) return null;
  return {
    location,
    runtime,
    threads,
    device: facts('device')[0] ?? null,
    skipped: facts('skipped').flatMap((text) => {
      const at = text.indexOf(': ');
      const kind = asRuntime(text.slice(0, at));
      return kind === null ? [] : [{ runtime: kind, reason: text.slice(at + 2) }];
    }),
  };
}
