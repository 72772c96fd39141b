import type { Analysis, Finding, LabelMap } from '@overread/core/analysis';
import {
  categories,
  derivations,
  lateralities,
  measurementNames,
  newUID,
  structures,
  units,
} from '@overread/core/dicom';
import type { SeriesGeometry } from '@overread/core/volume';

/** A label map of two boxes on the grid: lung (1) and nodule (2). */
export function boxLabelMap({ grid }: SeriesGeometry): LabelMap {
  const [ni, nj, nk] = grid.dims;
  const labels = new Uint8Array(ni * nj * nk);
  for (let k = 0; k < nk; k++) {
    for (let j = 1; j < nj - 1; j++) {
      for (let i = 1; i < ni - 1; i++) {
        labels[i + ni * (j + nj * k)] = k >= 1 && k <= 2 && j <= 3 && i <= 4 ? 2 : k < nk - 1 ? 1 : 0;
      }
    }
  }
  const segment = (number: number, label: string, colour: readonly [number, number, number]) => ({
    number,
    label,
    colour,
    category: number === 1 ? categories.anatomicalStructure : categories.morphologicallyAbnormal,
    type: number === 1 ? structures.lung : structures.nodule,
    ...(number === 1 ? { modifier: lateralities.right } : { anatomicRegion: structures.lung }),
    trackingIdentifier: `${label} ${number}`,
    trackingUID: newUID(),
  });
  return { grid, labels, segments: [segment(1, 'Lung', [64, 128, 255]), segment(2, 'Nodule', [255, 80, 60])] };
}

/** Segments that overlap: a tissue, a part of it, and a part of both. */
export function overlappingMaps(geometry: SeriesGeometry): readonly LabelMap[] {
  const whole = boxLabelMap(geometry);
  const [tissue, nodule] = whole.segments;
  const inside = (...numbers: number[]) => whole.labels.map((label) => (numbers.includes(label) ? 1 : 0));
  const map = (labels: Uint8Array, number: number, label: string): LabelMap => ({
    grid: whole.grid,
    labels: labels.map((set) => set * number),
    segments: [{ ...nodule!, number, label, trackingIdentifier: label, trackingUID: newUID() }],
  });
  const core = inside(2).map((set, v) => (v % 2 === 0 ? set : 0));
  return [
    { ...map(inside(1, 2), 4, 'Tissue'), segments: [{ ...tissue!, number: 4, trackingUID: newUID() }] },
    map(inside(2), 1, 'Lesion'),
    map(core, 9, 'Core'),
  ];
}

/** A nodule with everything a finding can have. */
export function noduleFinding(labelMap: LabelMap | null): Finding {
  return {
    trackingIdentifier: 'nodule 1',
    trackingUID: labelMap?.segments[1]?.trackingUID ?? newUID(),
    label: 'Nodule',
    code: structures.nodule,
    site: structures.lung,
    laterality: lateralities.right,
    place: 'upper third',
    score: { value: 0.8734512345678901, kind: 'score' },
    presence: null,
    region: {
      box: { min: [1, 1, 1], max: [4, 3, 2] },
      centre: [2, 2, 1],
      segmentNumber: labelMap === null ? null : 2,
      axes: {
        long: [
          [0.5, 1, 1],
          [4.5, 3, 1],
        ],
        short: [
          [2, 0.5, 1],
          [3, 3.5, 1],
        ],
      },
    },
    measurements: [
      { name: measurementNames.longAxis, value: 3.4409301068170506, unit: units.millimetre, derivation: null },
      { name: measurementNames.shortAxis, value: 2.79, unit: units.millimetre, derivation: null },
      { name: measurementNames.volume, value: 37.8, unit: units.cubicMillimetre, derivation: null },
    ],
    review: { state: 'unreviewed', reason: null, reviewer: null, at: null },
  };
}

/** A whole-structure finding: a segment, numbers, no axes. */
export function tissueFinding(labelMap: LabelMap): Finding {
  const [ni, nj, nk] = labelMap.grid.dims;
  return {
    ...noduleFinding(labelMap),
    trackingIdentifier: 'lung 1',
    trackingUID: labelMap.segments[0]?.trackingUID ?? newUID(),
    label: 'Lung',
    code: structures.lung,
    site: null,
    laterality: lateralities.bilateral,
    place: null,
    score: null,
    presence: null,
    region: {
      box: { min: [1, 1, 0], max: [ni - 2, nj - 2, nk - 2] },
      centre: [6, 3, 0],
      segmentNumber: 1,
      axes: null,
    },
    measurements: [
      { name: measurementNames.volume, value: 4.25, unit: units.millilitre, derivation: null },
      { name: measurementNames.attenuation, value: -843.2, unit: units.hounsfield, derivation: derivations.mean },
    ],
  };
}

/** A place in one image without any number. */
export function regionFinding(): Finding {
  return {
    ...noduleFinding(null),
    trackingIdentifier: 'region 1',
    label: 'Fat',
    code: structures.fat,
    site: null,
    laterality: null,
    place: null,
    score: null,
    presence: null,
    region: { box: { min: [2, 1, 2], max: [5, 2, 2] }, centre: [3, 2, 2], segmentNumber: null, axes: null },
    measurements: [],
  };
}

/** A completed analysis of the series. */
export function analysisOf(geometry: SeriesGeometry, parts: Partial<Analysis> = {}): Analysis {
  return {
    uid: newUID(),
    model: {
      id: 'ct-nodule',
      version: '1.2.0',
      title: 'CT nodule candidates',
      manufacturer: 'Overread',
      deviceUID: '2.25.98127346598123746598127346',
      digest: 'a'.repeat(64),
      regulatoryStatus: 'Research use only',
    },
    source: {
      studyInstanceUID: geometry.studyInstanceUID,
      seriesInstanceUID: geometry.seriesInstanceUID,
      modality: geometry.modality,
      seriesNumber: 3,
      frameOfReferenceUID: geometry.frameOfReferenceUID,
      grid: geometry.grid,
      slices: geometry.slices,
    },
    place: {
      location: 'browser',
      runtime: 'wasm',
      threads: 3,
      device: 'eight cores',
      skipped: [{ runtime: 'webgpu', reason: 'the browser has no WebGPU' }],
    },
    outcome: 'completed',
    startedAt: '2026-11-03T10:20:30.250+01:00',
    finishedAt: '2026-11-03T10:20:41.500+01:00',
    timings: [],
    warnings: [{ code: 'volume.uneven-spacing', message: 'Slices lie up to 0.1 mm off: resampled.' }],
    findings: [],
    labelMaps: [],
    heatMaps: [],
    ...parts,
  };
}
