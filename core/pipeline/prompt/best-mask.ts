import { badOutput, floatRows } from '../rows.ts';
import type { GraphAnswer } from '../collect/collector.ts';
import type { PromptsOfModel } from './decoder-feeds.ts';

export interface BestMask {
  readonly logits: Float32Array;
  /** Columns and rows of the logits. */
  readonly size: readonly [number, number];
  readonly quality: number | null;
}

/**
 * The mask that the decoder itself takes to be the best, or its first.
 * @throws OverreadError `pipeline.bad-output` for another shape than [1, M, h, w] and [1, M], or values that are no numbers
 */
export function bestMask(answer: GraphAnswer, { masks, quality: qualityName }: PromptsOfModel): BestMask {
  const { data, dims } = floatRows(answer, masks);
  const [batch, count = 0, height = 0, width = 0] = dims;
  if (dims.length !== 4 || batch !== 1 || count === 0 || data.length !== count * height * width) {
    throw badOutput(masks, `its shape is [${dims.join(', ')}] where [1, masks, h, w] was expected`);
  }
  const qualities = qualityName === undefined ? null : floatRows(answer, qualityName).data;
  if (qualities !== null && qualities.length !== count) {
    throw badOutput(qualityName ?? '', `it rates ${qualities.length} masks of ${count}`);
  }
  const best = qualities === null ? 0 : placeOfLargest(qualities);
  const area = height * width;
  return {
    logits: data.slice(best * area, (best + 1) * area),
    size: [width, height],
    quality: qualities?.[best] ?? null,
  };
}

/** The first of equal ones. */
function placeOfLargest(values: Float32Array): number {
  return values.reduce((leader, value, at) => (value > values[leader]! ? at : leader), 0);
}
