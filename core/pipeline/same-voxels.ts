import { sameGrid } from '../geometry/index.ts';
import type { Volume, VolumeSamples } from '../volume/index.ts';

/** Whether two volumes are the same. The voxels themselves decide: a series may come again with an image that was missing before. */
export function sameVoxels(a: Volume, b: Volume): boolean {
  if (a === b) return true;
  if (!sameGrid(a.grid, b.grid, 0) || !sameMeaning(a, b) || !equal(a.samples, b.samples)) return false;
  return (a.colour ?? []).every((plane, n) => equal(plane, b.colour![n]!));
}

function sameMeaning(a: Volume, b: Volume): boolean {
  const meaning = ({ padding, unit, modality, monochrome1 }: Volume) =>
    JSON.stringify({ padding, unit, modality, monochrome1 });
  return meaning(a) === meaning(b) && (a.colour === undefined) === (b.colour === undefined);
}

function equal(a: VolumeSamples, b: VolumeSamples): boolean {
  if (a.length !== b.length || a.constructor !== b.constructor) return false;
  for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) return false;
  return true;
}
