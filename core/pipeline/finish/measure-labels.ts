import type { Finding, LabelMap, Measurement } from '../../analysis/index.ts';
import { derivations, measurementNames, shareBelow, units } from '../../dicom/index.ts';
import { voxelVolume, type Grid, type Vec3 } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import type { Volume } from '../../volume/index.ts';
import { labelStatistics, type LabelStatistics } from './label-statistics.ts';
import { unreviewed } from './unreviewed.ts';

type MeasureStep = Extract<Manifest['finish'][number], { kind: 'measureLabels' }>;

/** One finding per label that occurs, with the measurements of the step: in order of the segments, and of several maps' in order of their numbers. */
export function measureLabels(maps: readonly LabelMap[], step: MeasureStep, volume: Volume): Finding[] {
  const measured = maps.flatMap((map) => measureMap(map, step, volume));
  return maps.length < 2
    ? measured
    : measured.sort((a, b) => (a.region?.segmentNumber ?? 0) - (b.region?.segmentNumber ?? 0));
}

function measureMap({ labels, segments }: LabelMap, step: MeasureStep, volume: Volume): Finding[] {
  const thresholds = step.measurements.flatMap((m) => (m.kind === 'shareBelow' ? [m.threshold] : []));
  const statistics = labelStatistics(labels, volume.samples, volume.grid.dims, thresholds);
  return segments.flatMap((segment) => {
    const found = statistics.get(segment.number);
    if (found === undefined) return [];
    return [
      {
        trackingIdentifier: segment.trackingIdentifier,
        trackingUID: segment.trackingUID,
        label: segment.label,
        code: segment.type,
        site: null,
        laterality: null,
        place: null,
        score: null,
        presence: null,
        region: {
          box: found.box,
          centre: voxelNear(labels, segment.number, found.centroid, volume.grid),
          segmentNumber: segment.number,
          axes: null,
        },
        measurements: measurementsOf(found, segment.number, step, volume),
        review: unreviewed,
      },
    ];
  });
}

function measurementsOf(found: LabelStatistics, label: number, step: MeasureStep, volume: Volume): Measurement[] {
  const thresholds = step.measurements.filter((m) => m.kind === 'shareBelow');
  return step.measurements.flatMap((wanted): Measurement[] => {
    if (wanted.labels !== undefined && !wanted.labels.includes(label)) return [];
    if (wanted.kind === 'volume') {
      const millilitres = (found.voxels * voxelVolume(volume.grid)) / 1000;
      return [{ name: measurementNames.volume, value: millilitres, unit: units.millilitre, derivation: null }];
    }
    if (wanted.kind === 'mean') {
      const unit = volume.unit === 'HU' ? units.hounsfield : units.one;
      return [{ name: measurementNames.attenuation, value: found.mean, unit, derivation: derivations.mean }];
    }
    const below = found.below[thresholds.indexOf(wanted)] ?? 0;
    return [
      {
        name: shareBelow(wanted.threshold),
        value: (100 * below) / found.voxels,
        unit: units.percent,
        derivation: null,
      },
    ];
  });
}

/** The voxel of the label nearest to the centroid within its slice, or its first voxel where that slice has none. */
function voxelNear(labels: Uint8Array, label: number, centroid: Vec3, grid: Grid): Vec3 {
  const [ni, nj] = grid.dims;
  const k = Math.round(centroid[2]);
  let best: Vec3 | null = null;
  let nearest = Infinity;
  for (let j = 0; j < nj; j++) {
    const row = (k * nj + j) * ni;
    for (let i = 0; i < ni; i++) {
      if (labels[row + i] !== label) continue;
      const distance = (i - centroid[0]) ** 2 + (j - centroid[1]) ** 2;
      if (distance < nearest) [best, nearest] = [[i, j, k], distance];
    }
  }
  if (best !== null) return best;
  const first = labels.indexOf(label);
  return [first % ni, Math.floor(first / ni) % nj, Math.floor(first / (ni * nj))];
}
