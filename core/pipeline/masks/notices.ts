import type { Notice } from '../../errors/index.ts';
import type { Masks } from './index.ts';
import type { LungMap } from './place.ts';

/** Lung in the first or last slice counts as cut off from this area on, mm². */
const CUT_AREA = 100;

/** What a reader should know of how the masks came out: lungs cut off by the scan, one lung only. */
export function noticesOf(masks: Masks): Notice[] {
  const maps = [...masks.values()].flatMap(({ lungs }) => (lungs === null ? [] : [lungs]));
  return maps.flatMap((lungs) => [...cutOff(lungs), ...single(lungs)]);
}

function cutOff({ lattice: { dims, spacing }, parts }: LungMap): Notice[] {
  const area = dims[0] * dims[1];
  const cells = CUT_AREA / (spacing[0] * spacing[1]);
  const reaches = (z: number): boolean => {
    let count = 0;
    for (const part of parts) for (let cell = z * area; cell < (z + 1) * area; cell++) count += part[cell]!;
    return count > cells;
  };
  const ends = [...(reaches(dims[2] - 1) ? ['upper'] : []), ...(reaches(0) ? ['lower'] : [])];
  if (ends.length === 0) return [];
  const message = `The lungs reach the ${ends.join(' and the ')} end of the scan: what lies beyond is not in the result.`;
  return [{ code: 'pipeline.lungs-cut-off', message }];
}

function single({ parts }: LungMap): Notice[] {
  if (parts.length > 1) return [];
  const message =
    'Only one lung was found, or both could not be told apart: part of the lungs may be missing, and sides go by the middle of the body.';
  return [{ code: 'pipeline.one-lung', message }];
}
