import type { Analysis, Finding, OtherSeries } from '@overread/core/analysis';
import { newUID, rejectionReasons, sopClasses, structures, type Dataset } from '@overread/core/dicom';
import type { SegmentationKind, DicomObject } from '@overread/core/results';
import { analysisOf, boxLabelMap, noduleFinding, overlappingMaps, regionFinding, tissueFinding } from './analyses.ts';
import { ctSeries } from './ct-series.ts';
import { everyObject } from './every-object.ts';
import { awkwardMap, otherGrid } from './heat-maps.ts';
import { withTables } from './image-tables.ts';
import { encodeAnalysis } from './checked-results.ts';

export interface ResultCase {
  readonly name: string;
  readonly objects: readonly DicomObject[];
  /** What the images of the series say otherwise than `ctSeries()`. */
  readonly patient: Dataset;
}

const japanese: Dataset = {
  SpecificCharacterSet: 'ISO_IR 192',
  PatientName: 'PHANTOM^TARO=幻影^太郎=ファントム^タロウ',
};
const latin: Dataset = { SpecificCharacterSet: 'ISO_IR 100', PatientName: 'PHANTOM^ZOË' };

/** A series of another study, read as a second input. */
const secondSeries: OtherSeries = {
  channel: 't2',
  studyInstanceUID: '2.25.71',
  seriesInstanceUID: '2.25.72',
  modality: 'MR',
  frameOfReferenceUID: '2.25.73',
  slices: [1, 2].map((k) => ({
    sopClassUID: sopClasses.mr,
    sopInstanceUID: `2.25.74.${k}`,
    frameNumber: null,
    instanceNumber: k,
  })),
};

/** One of every kind of result that is written. */
export function resultCases(): readonly ResultCase[] {
  const { geometry, datasets } = ctSeries();
  const labelMap = boxLabelMap(geometry);
  const nodule = noduleFinding(labelMap);
  const rejected = {
    state: 'rejected' as const,
    reason: rejectionReasons[1] ?? null,
    reviewer: 'READER^ROBIN',
    at: '2026-11-03T11:00:00+01:00',
  };
  const write = (
    name: string,
    parts: Partial<Analysis>,
    patient: Dataset = {},
    segmentation: SegmentationKind = 'binary',
  ): ResultCase => ({
    name,
    patient,
    objects: encodeAnalysis(analysisOf(geometry, parts), {
      source: { ...datasets[0], ...patient },
      segmentation,
      predecessors: [],
    }),
  });
  const first = write('a nodule with a mask', { labelMaps: [labelMap], findings: [nodule] });
  const [report] = first.objects.filter((object) => object.kind === 'SR');
  if (report === undefined) throw new Error('an SR is always written');
  const second = analysisOf(geometry, { labelMaps: [labelMap], findings: [{ ...nodule, review: rejected }] });
  return [
    first,
    write('a tissue with a mask', { labelMaps: [labelMap], findings: [tissueFinding(labelMap)] }),
    write('a nodule with a label map', { labelMaps: [labelMap], findings: [nodule] }, {}, 'labelmap'),
    write('a tissue with a label map', { labelMaps: [labelMap], findings: [tissueFinding(labelMap)] }, {}, 'labelmap'),
    write('a tissue with fractions', { labelMaps: [labelMap], findings: [tissueFinding(labelMap)] }, {}, 'fractional'),
    write('a nodule without a mask', { findings: [noduleFinding(null)] }),
    write('a finding without a place', { findings: [{ ...noduleFinding(null), region: null }] }),
    write('statements on a series', { findings: statements(null) }),
    write('statements on slices', {
      findings: statements({
        box: { min: [0, 0, 1], max: [12, 6, 2] },
        centre: [6, 3, 1],
        segmentNumber: null,
        axes: null,
      }),
    }),
    write('a region in one image', { findings: [regionFinding()] }),
    write('findings of two kinds', { labelMaps: [labelMap], findings: [nodule, tissueFinding(labelMap)] }),
    write('findings of every kind', {
      labelMaps: [labelMap],
      findings: [regionFinding(), tissueFinding(labelMap), nodule, { ...regionFinding(), trackingUID: newUID() }],
    }),
    write('findings with and without a place', { findings: [unplaced(null), noduleFinding(null), unplaced(1)] }),
    write('findings of every kind, with and without a place', {
      labelMaps: [labelMap],
      findings: [unplaced(1), regionFinding(), tissueFinding(labelMap), nodule, ...statements(null)],
    }),
    {
      name: 'a series without a frame of reference',
      patient: { FrameOfReferenceUID: null },
      objects: encodeAnalysis(
        analysisOf({ ...geometry, frameOfReferenceUID: null }, { labelMaps: [labelMap], findings: [nodule] }),
        { source: { ...datasets[0], FrameOfReferenceUID: null }, segmentation: true, predecessors: [] },
      ),
    },
    write('two series analysed together', { labelMaps: [labelMap], findings: [nodule], otherSeries: [secondSeries] }),
    write('no findings', {}),
    write('segments that overlap', { labelMaps: overlappingMaps(geometry) }),
    write('no findings, with a mask', { labelMaps: [labelMap] }),
    write('a failed run', { outcome: 'failed' }),
    ...furtherCases(),
    write('a patient in Japanese', { labelMaps: [labelMap], findings: [nodule] }, japanese),
    write('a patient in Latin-1', { labelMaps: [labelMap], findings: [{ ...nodule, place: 'höhe Mitte' }] }, latin),
    {
      name: 'a second version with a review',
      patient: {},
      objects: encodeAnalysis(second, {
        source: datasets[0] ?? {},
        segmentation: true,
        predecessors: [
          {
            studyInstanceUID: geometry.studyInstanceUID,
            seriesInstanceUID: report.seriesInstanceUID,
            sopClassUID: report.sopClassUID,
            sopInstanceUID: report.sopInstanceUID,
          },
        ],
      }),
    },
  ];
}

/** A finding of the whole series. @param numbers How many measurements it keeps; null: none, and no score. */
function unplaced(numbers: number | null): Finding {
  const { measurements, score, ...rest } = noduleFinding(null);
  const kept = { measurements: measurements.slice(0, numbers ?? 0), score: numbers === null ? null : score };
  return { ...rest, ...kept, trackingUID: newUID(), region: null };
}

/** Present, absent and undetermined, of the whole series or of the slices where it shows. */
function statements(region: Finding['region']): readonly Finding[] {
  const stated = (
    presence: Finding['presence'],
    code: Finding['code'],
    score = noduleFinding(null).score,
  ): Finding => ({
    ...{ ...noduleFinding(null), trackingUID: newUID(), measurements: [] },
    ...{ region, presence, code, score },
  });
  return [
    stated('present', structures.fat),
    stated('absent', structures.bone),
    stated('undetermined', structures.lung, null),
  ];
}

/** Results with everything that is written only where it is asked for. */
function furtherCases(): readonly ResultCase[] {
  const { geometry, datasets } = ctSeries();
  const labelMap = boxLabelMap(geometry);
  const nodule = noduleFinding(labelMap);
  const heatMap = awkwardMap(otherGrid(geometry.grid));
  const write = (name: string, parts: Partial<Analysis>, patient: Dataset = {}, images = datasets): ResultCase => ({
    name: `${name}, every object`,
    patient,
    objects: encodeAnalysis(
      analysisOf(geometry, parts),
      everyObject(
        geometry,
        images.map((image) => ({ ...image, ...patient })),
      ),
    ),
  });
  const projection = { ...geometry, frameOfReferenceUID: null };
  const unplaced = datasets.map((image) => ({ ...image, FrameOfReferenceUID: null }));
  const rescaled = datasets.map((image, k) => ({ ...image, RescaleIntercept: 0, RescaleSlope: 0.25 + k / 8 }));
  const { region, ...unplacedFinding } = noduleFinding(null);
  const elsewhere: Finding = {
    ...unplacedFinding,
    region: region === null ? null : { ...region, centre: [2, 2, 2] },
  };
  const windowed = datasets.map((image, k) => ({ ...image, WindowCenter: -600 + k, WindowWidth: 1500 }));
  return [
    write('a nodule', { labelMaps: [labelMap], heatMaps: [heatMap], findings: [nodule] }),
    write('a nodule in Japanese', { labelMaps: [labelMap], findings: [{ ...nodule, label: '結節' }] }, japanese),
    write('images with windows of their own', { findings: [noduleFinding(null)] }, {}, windowed),
    write('images with tables', { findings: [noduleFinding(null)] }, {}, withTables(datasets)),
    write('images in colour', { findings: [noduleFinding(null)] }, { PhotometricInterpretation: 'RGB' }),
    write('images with a rescale each', { findings: [noduleFinding(null), elsewhere] }, {}, rescaled),
    write('no findings', { heatMaps: [awkwardMap(geometry.grid)] }),
    write('two heat maps', { heatMaps: [awkwardMap(geometry.grid), { ...heatMap, label: 'Of the second output' }] }),
    write('a failed run', { outcome: 'failed' }),
    {
      name: 'a heat map at the voxels of the series',
      patient: {},
      objects: encodeAnalysis(analysisOf(geometry, { heatMaps: [heatMap] }), {
        source: datasets[0] ?? {},
        segmentation: false,
        parametricMap: 'on-source-grid',
        predecessors: [],
      }),
    },
    {
      name: 'a series without a frame of reference, every object',
      patient: { FrameOfReferenceUID: null },
      objects: encodeAnalysis(
        analysisOf(projection, { labelMaps: [labelMap], heatMaps: [heatMap], findings: [nodule] }),
        everyObject(projection, unplaced),
      ),
    },
  ];
}
