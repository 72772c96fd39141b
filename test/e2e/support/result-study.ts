import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Analysis, HeatMap, LabelMap } from '@overread/core/analysis';
import {
  categories,
  newUID,
  quantities,
  sopClasses,
  structures,
  units,
  writePart10,
  type Dataset,
} from '@overread/core/dicom';
import { indexToWorld, makeGrid, mapAxes, type Vec3 } from '@overread/core/geometry';
import type { DicomObject, EncodeOptions } from '@overread/core/results';
import type { SeriesGeometry } from '@overread/core/volume';
import { analysisOf } from '../../support/analyses.ts';
import { encodeAnalysis } from '../../support/checked-results.ts';
import { ctSeries } from '../../support/ct-series.ts';
import { forWorld, inLung, thorax, type Ball } from '../../support/thorax.ts';

/** A series of PHANTOM^THORAX of which everything is known, written as image files. */
export interface ResultStudy {
  readonly geometry: SeriesGeometry;
  readonly source: Dataset;
  /** 1 where the lungs are, 2 where a nodule is. */
  readonly labelMap: LabelMap;
  /** One in the middle of the nodule, falling off over 40 mm, on a grid of its own that covers the nodule's lung. */
  readonly heatMap: HeatMap;
}

export const nodule: Ball = { centre: [-60, 12, 21], radius: 12 };

/** Directions of increasing column, row and slice of a series, LPS. */
export type Directions = readonly [Vec3, Vec3, Vec3];

export const axial: Directions = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** Turned about all three axes of the patient. */
export const oblique: Directions = [
  [0.8, 0.48, 0.36],
  [-0.6, 0.64, 0.48],
  [0, -0.6, 0.8],
];

/** Writes the images of the series into a folder. */
export function writeSeries(folder: string, modality: 'CT' | 'MR', directions: Directions): ResultStudy {
  // A tilted scan of the same box has more voxels, unless they are larger.
  const spacing: Vec3 = directions === axial ? [2, 2, 3] : [3, 3, 4];
  const { grid, samples } = thorax({ balls: [nodule], spacing, directions });
  const [studyInstanceUID, seriesInstanceUID, frameOfReferenceUID] = [newUID(), newUID(), newUID()];
  const sopClassUID = modality === 'CT' ? sopClasses.ct : sopClasses.mr;
  const slices = Array.from({ length: grid.dims[2] }, (_, k) => ({
    sopClassUID,
    sopInstanceUID: newUID(),
    frameNumber: null,
    instanceNumber: k + 1,
  }));
  const size = grid.dims[0] * grid.dims[1];
  const origin = indexToWorld(grid, [0, 0, 0]);
  const { datasets } = ctSeries({ dims: grid.dims, spacing, directions, origin });
  const images = datasets.map((dataset, k): Dataset => ({
    ...dataset,
    SOPClassUID: sopClassUID,
    SOPInstanceUID: slices[k]!.sopInstanceUID,
    StudyInstanceUID: studyInstanceUID,
    SeriesInstanceUID: seriesInstanceUID,
    FrameOfReferenceUID: frameOfReferenceUID,
    Modality: modality,
    PatientName: 'PHANTOM^THORAX',
    PatientID: 'PHANTOM-THORAX',
    SeriesDescription: `${modality} thorax`,
    WindowCenter: 0,
    WindowWidth: 2000,
    PixelData: new Uint8Array(
      Int16Array.from(samples.subarray(k * size, (k + 1) * size), (value) => value + 1024).buffer,
    ),
  }));
  mkdirSync(folder, { recursive: true });
  images.forEach((image, k) => {
    writeFileSync(join(folder, `${modality}-${k + 1}.dcm`), writePart10(image));
  });
  const labels = new Uint8Array(samples.length);
  forWorld(grid, (point, voxel) => {
    labels[voxel] = toNodule(point) < nodule.radius ? 2 : inLung(-1, point) || inLung(1, point) ? 1 : 0;
  });
  return {
    geometry: {
      studyInstanceUID,
      seriesInstanceUID,
      modality,
      frameOfReferenceUID,
      slices,
      grid,
      warnings: [],
    },
    source: images[0]!,
    labelMap: {
      grid,
      labels,
      segments: [
        {
          number: 1,
          label: 'Lung',
          category: categories.anatomicalStructure,
          type: structures.lung,
          colour: [64, 128, 255],
          trackingIdentifier: 'Lungs',
          trackingUID: newUID(),
        },
        {
          number: 2,
          label: 'Nodule',
          category: categories.morphologicallyAbnormal,
          type: structures.nodule,
          colour: [255, 80, 60],
          trackingIdentifier: 'Nodule 1',
          trackingUID: newUID(),
        },
      ],
    },
    heatMap: heatMapAround(directions),
  };
}

const toNodule = (point: Vec3): number => Math.hypot(...point.map((value, axis) => value - nodule.centre[axis]!));

/** What the map says at a point, LPS mm. */
export const heatAt = (point: Vec3): number => Math.max(0, 1 - toNodule(point) / 40);

function heatMapAround(directions: Directions): HeatMap {
  const dims: Vec3 = [34, 36, 30];
  const spacing: Vec3 = [2.7, 2.7, 3.3];
  const corner = mapAxes(
    (a) =>
      nodule.centre[a] - directions.reduce((sum, d, n) => sum + d[a] * spacing[n as 0] * (dims[n as 0] / 2 - 0.3), 0),
  );
  const grid = makeGrid(dims, spacing, directions, corner);
  const values = new Float32Array(dims[0] * dims[1] * dims[2]);
  forWorld(grid, (point, voxel) => (values[voxel] = heatAt(point)));
  return { label: 'Saliency', grid, values, quantity: quantities.saliency, unit: units.one, displayRange: [0.1, 1] };
}

/** Writes what `encodeAnalysis` makes of an analysis of the series into a folder. */
export function writeResults(
  folder: string,
  { geometry, source }: ResultStudy,
  parts: Partial<Analysis>,
  options: Partial<EncodeOptions> = {},
): readonly DicomObject[] {
  const objects = encodeAnalysis(analysisOf(geometry, parts), {
    source,
    segmentation: true,
    predecessors: [],
    ...options,
  });
  mkdirSync(folder, { recursive: true });
  for (const { kind, sopInstanceUID, bytes } of objects) {
    writeFileSync(join(folder, `${kind}-${sopInstanceUID}.dcm`), bytes);
  }
  return objects;
}
