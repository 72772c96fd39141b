import { sopClasses, writePart10, type Dataset } from '@overread/core/dicom';
import { gridDirections, gridSpacing, indexToWorld, makeGrid, type Grid, type Vec3 } from '@overread/core/geometry';
import type { SeriesGeometry } from '@overread/core/volume';

export interface CtSeries {
  readonly geometry: SeriesGeometry;
  /** Attributes of the images by slice, without pixels. */
  readonly datasets: readonly Dataset[];
  /** The images as Part 10 files; samples are zero. */
  files(): readonly Uint8Array[];
}

export interface CtSeriesOptions {
  readonly dims?: Vec3;
  readonly spacing?: Vec3;
  readonly directions?: readonly [Vec3, Vec3, Vec3];
  readonly origin?: Vec3;
  readonly patient?: Dataset;
  /** Which series of the study it is; absent: the first. Names all UIDs but the study's and the frame of reference. */
  readonly number?: number;
}

const study = '2.25.120346982374650918273645546372819';

/** A small CT series as a scanner would write it, of a phantom. */
export function ctSeries(options: CtSeriesOptions = {}): CtSeries {
  const dims = options.dims ?? [13, 7, 5];
  const directions = options.directions ?? [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  const grid = makeGrid(
    dims,
    options.spacing ?? [0.7, 0.9, 2.5],
    directions,
    options.origin ?? [-110.25, -95.5, 33.125],
  );
  const uid = `${study}.${options.number ?? 1}`;
  const slices = Array.from({ length: dims[2] }, (_, k) => ({
    sopClassUID: sopClasses.ct,
    sopInstanceUID: `${uid}.2.${k + 1}`,
    frameNumber: null,
    instanceNumber: k + 1,
  }));
  const geometry: SeriesGeometry = {
    studyInstanceUID: study,
    seriesInstanceUID: uid,
    modality: 'CT',
    frameOfReferenceUID: `${study}.9`,
    slices,
    grid,
    warnings: [],
  };
  const datasets = slices.map((_, k) => ctDataset(geometry, grid, k, options.patient ?? {}));
  return {
    geometry,
    datasets,
    files: () =>
      datasets.map((dataset) => writePart10({ ...dataset, PixelData: new Uint8Array(dims[0] * dims[1] * 2) })),
  };
}

function ctDataset(geometry: SeriesGeometry, grid: Grid, k: number, patient: Dataset): Dataset {
  const [columns, rows] = grid.dims;
  const [di, dj, dk] = gridSpacing(grid);
  const [i, j] = gridDirections(grid);
  return {
    SOPClassUID: sopClasses.ct,
    SOPInstanceUID: geometry.slices[k]?.sopInstanceUID ?? null,
    StudyInstanceUID: geometry.studyInstanceUID,
    SeriesInstanceUID: geometry.seriesInstanceUID,
    FrameOfReferenceUID: geometry.frameOfReferenceUID,
    PositionReferenceIndicator: null,
    ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
    Modality: 'CT',
    Manufacturer: 'Overread phantom maker',
    PatientName: 'PHANTOM^CHEST',
    PatientID: 'PHANTOM-1',
    PatientBirthDate: '19600102',
    PatientSex: 'O',
    PatientAge: '066Y',
    PatientPosition: 'HFS',
    StudyDate: '20260203',
    StudyTime: '101112.5',
    StudyID: 'S1',
    StudyDescription: 'CT chest',
    AccessionNumber: 'A-17',
    ReferringPhysicianName: 'PHANTOM^REFERRER',
    SeriesNumber: 3,
    SeriesDescription: 'Lung 2.5',
    AcquisitionNumber: 1,
    InstanceNumber: k + 1,
    ImagePositionPatient: [...indexToWorld(grid, [0, 0, k])],
    ImageOrientationPatient: [...i, ...j],
    PixelSpacing: [dj, di],
    SliceThickness: dk,
    KVP: 120,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: rows,
    Columns: columns,
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 1,
    RescaleIntercept: -1024,
    RescaleSlope: 1,
    RescaleType: 'HU',
    ...patient,
  };
}
