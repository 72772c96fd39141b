import type { Measurement } from '../../analysis/index.ts';
import { derivations, measurementNames, units } from '../../dicom/index.ts';
import { voxelVolume } from '../../geometry/index.ts';
import type { Volume } from '../../volume/index.ts';
import type { DiameterAxes } from './axes.ts';

/** Diameters (mm), volume (mm3) and, for CT, mean attenuation of a region. */
export function regionMeasurements(
  axes: DiameterAxes | null,
  found: { readonly voxels: number; readonly mean: number },
  volume: Volume,
): Measurement[] {
  const plain = (name: Measurement['name'], value: number, unit: Measurement['unit']): Measurement => ({
    name,
    value,
    unit,
    derivation: null,
  });
  const diameters =
    axes === null
      ? []
      : [
          plain(measurementNames.diameter, (axes.longLength + axes.shortLength) / 2, units.millimetre),
          plain(measurementNames.longAxis, axes.longLength, units.millimetre),
          plain(measurementNames.shortAxis, axes.shortLength, units.millimetre),
        ];
  const density = {
    ...plain(measurementNames.attenuation, found.mean, units.hounsfield),
    derivation: derivations.mean,
  };
  return [
    ...diameters,
    plain(measurementNames.volume, found.voxels * voxelVolume(volume.grid), units.cubicMillimetre),
    ...(volume.unit === 'HU' ? [density] : []),
  ];
}
