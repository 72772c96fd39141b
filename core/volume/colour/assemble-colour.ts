import { OverreadError } from '../../errors/index.ts';
import { voxelCount } from '../../geometry/index.ts';
import { SlicePlaces, allocate, type VolumeAssembler } from '../slice-places.ts';
import type { SeriesGeometry } from '../types.ts';
import { describeColour } from './describe-colour.ts';
import { valueCount, writeColours, writeLuminance, type Planes } from './write-colours.ts';

/** As `createVolumeAssembler`, of a series in colour: its planes of red, green and blue, and their luminance as samples. */
export function createColourAssembler(geometry: SeriesGeometry): VolumeAssembler {
  const places = new SlicePlaces(geometry);
  const pixels = geometry.grid.dims[0] * geometry.grid.dims[1];
  const count = voxelCount(geometry.grid);
  const plane = (): Uint8Array => allocate(() => new Uint8Array(count), count);
  const planes: Planes = [plane(), plane(), plane()];
  return {
    add({ instance, frameNumber, values, scale }) {
      const { k, name } = places.of(instance, frameNumber);
      const form = scale === 'rgb' ? ({ kind: 'rgb', planar: false } as const) : describeColour(instance);
      const expected = valueCount(form, pixels);
      // One more where an odd number of bytes was padded.
      if (values.length !== expected && values.length !== expected + (expected % 2)) {
        throw new OverreadError('volume.pixel-count', {
          why: `${name} has ${values.length} values instead of ${expected}`,
          details: { found: values.length, expected, slice: k },
        });
      }
      writeColours(planes, k * pixels, values, form, pixels);
      places.done(k);
    },
    finish() {
      places.expectAll();
      const samples = plane();
      writeLuminance(planes, samples);
      return { ...geometry, samples, unit: '1', padding: null, colour: planes };
    },
  };
}
