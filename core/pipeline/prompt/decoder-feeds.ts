import type { Manifest } from '../../model/index.ts';
import type { Tensor } from '../runtime.ts';
import type { Encoded } from './embeddings.ts';

export type PromptsOfModel = NonNullable<Manifest['prompts']>;

/** Kinds of points, as the decoders of Segment Anything know them. */
const pointLabel = { outside: 0, inside: 1, firstCorner: 2, secondCorner: 3, padding: -1 } as const;

/** A prompt in columns and rows of the encoder's input, 0 the centre of the first. */
export interface PlanePrompt {
  readonly points: readonly { readonly at: readonly [number, number]; readonly inside: boolean }[];
  /** The corner nearest to the input's first one, then the other. */
  readonly box: readonly [readonly [number, number], readonly [number, number]] | null;
  readonly refine: boolean;
}

/** What the decoder is given for a prompt. Where there is no box a point of padding stands for it. */
export function decoderFeeds(
  model: PromptsOfModel,
  { points, box, refine }: PlanePrompt,
  encoded: Encoded,
): Readonly<Record<string, Tensor>> {
  const all = [
    ...points.map(({ at, inside }) => ({ at, label: inside ? pointLabel.inside : pointLabel.outside })),
    ...(box === null
      ? [{ at: [0, 0] as const, label: pointLabel.padding }]
      : [
          { at: box[0], label: pointLabel.firstCorner },
          { at: box[1], label: pointLabel.secondCorner },
        ]),
  ];
  return {
    ...encoded.embeddings,
    [model.points]: floats([1, all.length, 2], all.flatMap(({ at }) => at)), // prettier-ignore
    [model.pointLabels]: floats([1, all.length], all.map(({ label }) => label)), // prettier-ignore
    ...previousMask(model, refine ? encoded.previous : null),
    ...Object.fromEntries(
      Object.entries(model.constants).map(([name, values]) => [name, floats([values.length], values)]),
    ),
  };
}

function previousMask({ previousMask }: PromptsOfModel, previous: Tensor | null): Readonly<Record<string, Tensor>> {
  if (previousMask === undefined) return {};
  const { name, has, size } = previousMask;
  const fits = previous !== null && previous.data.length === size[0] * size[1];
  const data = fits ? (previous.data as Float32Array) : new Float32Array(size[0] * size[1]);
  return { [name]: { type: 'float32', dims: [1, 1, ...size], data }, [has]: floats([1], [fits ? 1 : 0]) };
}

function floats(dims: readonly number[], values: readonly number[]): Tensor {
  return { type: 'float32', dims, data: Float32Array.from(values) };
}
