import { describe, expect, it } from 'vitest';
import type { Analysis, Finding } from '@overread/core/analysis';
import { itemOf, itemsOf, numbersOf, readPart10, sopClasses, textOf, type Attributes } from '@overread/core/dicom';
import { decodeResults, type EncodeOptions, type ObjectKind } from '@overread/core/results';
import { analysisOf, boxLabelMap, noduleFinding } from '../../../support/analyses.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import { everyObject } from '../../../support/every-object.ts';
import { awkwardMap } from '../../../support/heat-maps.ts';
import { withTables } from '../../../support/image-tables.ts';
import { srgbProfile } from '../../../../core/results/presentation-state/srgb-profile.ts';
import { encodeAnalysis } from '../../../support/checked-results.ts';

const { geometry, datasets } = ctSeries();
const options = everyObject(geometry, datasets);
const nodule = noduleFinding(null);
const rejected: Finding = { ...nodule, trackingUID: '2.25.4', review: { ...nodule.review, state: 'rejected' } };

function write(parts: Partial<Analysis>, changes: Partial<EncodeOptions> = {}) {
  return encodeAnalysis(analysisOf(geometry, parts), { ...options, ...changes });
}

function datasetsOf(kind: ObjectKind, parts: Partial<Analysis>, changes: Partial<EncodeOptions> = {}): Attributes[] {
  return write(parts, changes)
    .filter((object) => object.kind === kind)
    .map((object) => readPart10(object.bytes).dataset);
}

const first = (list: readonly Attributes[]) => list[0] ?? {};

describe('what is written beside the report', () => {
  it('is nothing unless asked for', () => {
    const labelMap = boxLabelMap(geometry);
    const parts = { labelMaps: [labelMap], heatMaps: [awkwardMap(geometry.grid)], findings: [noduleFinding(labelMap)] };
    const { source } = options;
    const plain = encodeAnalysis(analysisOf(geometry, parts), { source, segmentation: true, predecessors: [] });
    expect(plain.map(({ kind }) => kind)).toEqual(['SEG', 'SR']);
    expect(write(parts).map(({ kind }) => kind)).toEqual(['SEG', 'PM', 'SR', 'PR', 'SC', 'KO']);
  });

  it('is nothing for a failed run, which must not look like a negative one', () => {
    expect(write({ outcome: 'failed' }).map(({ kind }) => kind)).toEqual(['SR']);
  });

  it('is passed over when results are read: the report says it all', () => {
    const bytes = write({ findings: [nodule] }).map((object) => object.bytes);
    const { analyses, problems } = decodeResults(bytes, geometry);
    expect(problems).toEqual([]);
    expect(analyses).toHaveLength(1);
  });
});

describe('a presentation state', () => {
  const annotations = (dataset: Attributes) => itemsOf(dataset, 'GraphicAnnotationSequence');
  const texts = (dataset: Attributes) =>
    annotations(dataset).flatMap((item) =>
      itemsOf(item, 'TextObjectSequence').map((text) => textOf(text, 'UnformattedTextValue')),
    );

  it('outlines the outer edges of the box on every slice it touches', () => {
    const state = first(datasetsOf('PR', { findings: [nodule] }));
    const boxes = annotations(state).filter((item) => textOf(item, 'GraphicLayer') === 'AI_FINDINGS');
    expect(
      boxes.map((item) => textOf(itemOf(item, 'ReferencedImageSequence') ?? {}, 'ReferencedSOPInstanceUID')),
    ).toEqual([geometry.slices[1]?.sopInstanceUID, geometry.slices[2]?.sopInstanceUID]);
    for (const item of boxes) {
      const graphic = itemOf(item, 'GraphicObjectSequence') ?? {};
      expect(numbersOf(graphic, 'GraphicData')).toEqual([1, 1, 5, 1, 5, 4, 1, 4, 1, 1]);
    }
    expect(texts(state)).toContain('Nodule (score 0.87)');
    expect(texts(state)).toContain('AI: CT nodule candidates 1.2.0. Not for primary diagnosis');
  });

  it('draws nothing round what is said to be absent, and says so in words', () => {
    const state = first(datasetsOf('PR', { findings: [{ ...nodule, presence: 'absent' }] }));
    expect(annotations(state).some((item) => textOf(item, 'GraphicLayer') === 'AI_FINDINGS')).toBe(false);
    expect(texts(state).join()).toContain('Nodule: absent (score 0.87)');
  });

  it('keeps the rescale and the windows that it stands in place of', () => {
    const images = datasets.map((image, k) => ({ ...image, WindowCenter: k < 2 ? 40 : -600, WindowWidth: 400 }));
    const state = first(datasetsOf('PR', { findings: [nodule] }, { presentationState: { images } }));
    expect(state).toMatchObject({ RescaleIntercept: '-1024', RescaleSlope: '1', RescaleType: 'HU' });
    const windows = itemsOf(state, 'SoftcopyVOILUTSequence');
    expect(windows.map((item) => textOf(item, 'WindowCenter'))).toEqual(['40', '-600']);
    expect(windows.map((item) => itemsOf(item, 'ReferencedImageSequence').length)).toEqual([1, 1]);
  });

  it('turns MONOCHROME1 images round as they are shown', () => {
    const images = datasets.map((image) => ({ ...image, PhotometricInterpretation: 'MONOCHROME1' }));
    const state = first(datasetsOf('PR', { findings: [nodule] }, { presentationState: { images } }));
    expect(textOf(state, 'PresentationLUTShape')).toBe('INVERSE');
  });

  it('takes the tables of the images over, the VOI table stretched to 16 bits', () => {
    const images = withTables(datasets);
    const state = first(datasetsOf('PR', { findings: [nodule] }, { presentationState: { images } }));
    expect(state['RescaleSlope']).toBeUndefined();
    const modality = itemOf(state, 'ModalityLUTSequence') ?? {};
    expect(modality).toMatchObject({ LUTDescriptor: [300, -100, 16], ModalityLUTType: 'OD' });
    expect(modality['LUTData']).toEqual(itemOf(images[1] ?? {}, 'ModalityLUTSequence')?.['LUTData']);
    const items = itemsOf(state, 'SoftcopyVOILUTSequence');
    expect(items.map((item) => itemsOf(item, 'ReferencedImageSequence').length)).toEqual([1, 1]);
    const [table = {}] = items.flatMap((item) => itemsOf(item, 'VOILUTSequence'));
    expect(table).toMatchObject({ LUTDescriptor: [1001, 20_000, 16], LUTExplanation: 'Film 2' });
    const entries = new Uint16Array((table['LUTData'] as Uint8Array).slice().buffer);
    expect([entries[0], entries[500], entries[1000]]).toEqual([0, Math.round((2048 * 65535) / 4095), 65535]);
  });

  it('takes tables as DICOM JSON and as a list of numbers carry them too', () => {
    const [image = {}] = withTables(datasets);
    const bytes = itemOf(image, 'ModalityLUTSequence')?.['LUTData'] as Uint8Array;
    const asWords = [...new Uint16Array(bytes.slice().buffer)];
    for (const LUTData of [[bytes.slice().buffer], { InlineBinary: Buffer.from(bytes).toString('base64') }, asWords]) {
      const images = withTables(datasets).map((one) => ({
        ...one,
        ModalityLUTSequence: itemsOf(one, 'ModalityLUTSequence').map((item) => ({ ...item, LUTData })),
      }));
      const state = first(datasetsOf('PR', { findings: [nodule] }, { presentationState: { images } }));
      expect(itemOf(state, 'ModalityLUTSequence')?.['LUTData']).toEqual(bytes);
    }
  });

  it('of images in colour is a colour one, with the profile of the images or sRGB', () => {
    const colour = datasets.map((image) => ({ ...image, PhotometricInterpretation: 'YBR_FULL_422' }));
    const own = Uint8Array.from({ length: 132 }, (_, at) => at);
    for (const [images, profile] of [
      [colour, srgbProfile()],
      [colour.map((image) => ({ ...image, ICCProfile: own })), own],
    ] as const) {
      const state = first(datasetsOf('PR', { findings: [nodule] }, { presentationState: { images } }));
      expect(textOf(state, 'SOPClassUID')).toBe(sopClasses.colourPresentationState);
      expect(state['ICCProfile']).toEqual(profile);
      for (const keyword of ['RescaleSlope', 'PresentationLUTShape', 'SoftcopyVOILUTSequence']) {
        expect(state[keyword]).toBeUndefined();
      }
    }
  });

  it('is one for each rescale where the images do not share one, for the slices to look at first', () => {
    const images = datasets.map((image, k) => ({ ...image, RescaleIntercept: 0, RescaleSlope: 1 + k }));
    const other = { ...nodule, trackingUID: '2.25.5', region: { ...nodule.region!, centre: [2, 2, 2] as const } };
    const states = datasetsOf('PR', { findings: [other, nodule] }, { presentationState: { images } });
    expect(states.map((state) => textOf(state, 'RescaleSlope'))).toEqual(['2', '3']);
    expect(states.map((state) => textOf(state, 'InstanceNumber'))).toEqual(['1', '2']);
    expect(new Set(states.map((state) => textOf(state, 'SeriesInstanceUID'))).size).toBe(1);
    const presented = states.flatMap((state) =>
      itemsOf(itemOf(state, 'ReferencedSeriesSequence') ?? {}, 'ReferencedImageSequence').map((item) =>
        textOf(item, 'ReferencedSOPInstanceUID'),
      ),
    );
    expect(presented).toEqual([1, 2].map((k) => geometry.slices[k]?.sopInstanceUID));
    const none = datasetsOf('PR', {}, { presentationState: { images } });
    expect(none.map((state) => textOf(state, 'RescaleSlope'))).toEqual(['3']);
  });

  it('is refused where it would show some images wrongly', () => {
    const present = (images: readonly Attributes[]) => () =>
      write({ findings: [nodule] }, { presentationState: { images } });
    const withoutValues = withTables(datasets).map((image) => ({
      ...image,
      ModalityLUTSequence: itemsOf(image, 'ModalityLUTSequence').map((item) => ({
        ...item,
        LUTData: { BulkDataURI: 'https://pacs.example/lut' },
      })),
    }));
    expect(present(withoutValues)).toThrow(/modality table of the images are not at hand/);
    const cut = withTables(datasets).map((image) => ({
      ...image,
      VOILUTSequence: itemsOf(image, 'VOILUTSequence').map((item) => ({ ...item, LUTData: new Uint8Array(10) })),
    }));
    expect(present(cut)).toThrow(/10 bytes for 1001 entries/);
    expect(present(datasets.map((image) => ({ ...image, PhotometricInterpretation: 'HSV' })))).toThrow(/HSV/);
    expect(present(datasets.slice(0, 1))).toThrow(/attributes of image .* are missing/);
  });

  it('leaves rejected findings out and says so; without findings it says that on every image', () => {
    expect(texts(first(datasetsOf('PR', { findings: [rejected] }))).join()).toContain(
      '1 rejected by a person, not shown',
    );
    const empty = first(datasetsOf('PR', {}));
    expect(texts(empty)).toHaveLength(geometry.slices.length);
    expect(texts(empty).every((text) => text?.endsWith('No findings'))).toBe(true);
  });
});

describe('a secondary capture', () => {
  const pixelsOf = (dataset: Attributes) => dataset['PixelData'] as Uint8Array;

  it('is marked as what it is', () => {
    const captures = datasetsOf('SC', { findings: [nodule] });
    expect(captures).toHaveLength(1);
    expect(first(captures)).toMatchObject({
      BurnedInAnnotation: 'YES',
      ImageType: ['DERIVED', 'SECONDARY'],
      ConversionType: 'WSD',
      PhotometricInterpretation: 'RGB',
    });
    expect(textOf(first(captures), 'DerivationDescription')).toContain(
      'CT nodule candidates 1.2.0. Not for primary diagnosis',
    );
  });

  it('has the box around its voxels, the window applied, and the statement below the image', () => {
    const { grid } = geometry;
    const dataset = first(datasetsOf('SC', { findings: [nodule] }));
    const [width, height] = [Number(textOf(dataset, 'Columns')), Number(textOf(dataset, 'Rows'))];
    const at = (x: number, y: number) => [...pixelsOf(dataset).subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
    const image = Math.round((512 * 7 * 0.9) / (13 * 0.7));
    const scale = [width / grid.dims[0], image / grid.dims[1]] as const;
    const [left, top] = [Math.ceil(scale[0]), Math.ceil(scale[1])];
    const [right, bottom] = [Math.ceil(5 * scale[0]), Math.ceil(4 * scale[1])];
    for (const [x, y] of [
      [left - 1, top + 5],
      [right, bottom - 5],
      [left + 5, bottom],
    ] as const) {
      expect(at(x, y)).toEqual([255, 200, 0]);
    }
    // The ramp runs from black to white over the columns: column 6 of 0 to 12 is its middle.
    expect(Math.abs((at(Math.round(6.5 * scale[0]), 5)[0] ?? 0) - 127.5)).toBeLessThan(1);
    expect(at(left, top)).toEqual([21, 21, 21]);
    expect(height).toBeGreaterThan(image + 20);
    expect(
      pixelsOf(dataset)
        .subarray(image * width * 3)
        .some((value) => value === 255),
    ).toBe(true);
  });

  it('shows one slice per place that matters, and the middle one where there is none', () => {
    const other = { ...nodule, trackingUID: '2.25.5', region: { ...nodule.region!, centre: [2, 2, 2] as const } };
    const captures = datasetsOf('SC', {
      findings: [nodule, other, { ...rejected, region: { ...nodule.region!, centre: [0, 0, 4] } }],
    });
    expect(
      captures.map((dataset) => textOf(itemOf(dataset, 'SourceImageSequence') ?? {}, 'ReferencedSOPInstanceUID')),
    ).toEqual([1, 2].map((k) => geometry.slices[k]?.sopInstanceUID));
    expect(captures.map((dataset) => textOf(dataset, 'InstanceNumber'))).toEqual(['1', '2']);
    expect(new Set(captures.map((dataset) => textOf(dataset, 'SeriesInstanceUID'))).size).toBe(1);
    const [none] = datasetsOf('SC', {});
    const middle = itemOf(none ?? {}, 'SourceImageSequence') ?? {};
    expect(textOf(middle, 'ReferencedSOPInstanceUID')).toBe(geometry.slices[2]?.sopInstanceUID);
  });

  it('is refused where the samples are of another image', () => {
    const secondaryCapture = { samples: new Float32Array(5), window: { centre: 0, width: 1 }, inverted: false };
    expect(() => write({ findings: [nodule] }, { secondaryCapture })).toThrow(/5 samples for 455 voxels/);
  });
});

describe('a key object selection', () => {
  it('ties the slice of each finding, in its presentation state, and the captures to the report', () => {
    const objects = write({ findings: [nodule, rejected] });
    const of = (kind: ObjectKind) => objects.find((object) => object.kind === kind)?.sopInstanceUID;
    const selection = readPart10(objects.find(({ kind }) => kind === 'KO')?.bytes ?? new Uint8Array()).dataset;
    const referred = itemsOf(selection, 'ContentSequence').flatMap((item) =>
      itemsOf(item, 'ReferencedSOPSequence').map((reference) => [
        textOf(item, 'ValueType'),
        textOf(reference, 'ReferencedSOPInstanceUID'),
        textOf(itemOf(reference, 'ReferencedSOPSequence') ?? {}, 'ReferencedSOPInstanceUID'),
      ]),
    );
    expect(referred).toEqual([
      ['IMAGE', geometry.slices[1]?.sopInstanceUID, of('PR')],
      ['IMAGE', of('SC'), null],
      ['COMPOSITE', of('SR'), null],
    ]);
  });

  it('names the slice and the report alone where nothing else is written', () => {
    const plain = { findings: [nodule] };
    const selection = first(datasetsOf('KO', plain, { presentationState: null, secondaryCapture: null }));
    const kinds = itemsOf(selection, 'ContentSequence').map((item) => textOf(item, 'ValueType'));
    expect(kinds.filter((kind) => kind === 'IMAGE' || kind === 'COMPOSITE')).toEqual(['IMAGE', 'COMPOSITE']);
  });

  it('is not written where nothing is selected', () => {
    expect(datasetsOf('KO', { findings: [rejected] })).toEqual([]);
  });
});

describe('verification', () => {
  const act = { observer: 'READER^ROBIN', organization: 'Phantom hospital', at: '2026-11-03T11:00:00+01:00' };
  const parts = { findings: [nodule] };

  it('is never there by itself', () => {
    const report = first(datasetsOf('SR', parts, { verification: null }));
    expect(report).toMatchObject({ CompletionFlag: 'COMPLETE', VerificationFlag: 'UNVERIFIED' });
    expect(itemsOf(report, 'VerifyingObserverSequence')).toEqual([]);
  });

  it('names who, for whom and when, and is read back', () => {
    const objects = write(parts, { verification: act });
    const report = first(datasetsOf('SR', parts, { verification: act }));
    expect(report).toMatchObject({ CompletionFlag: 'COMPLETE', VerificationFlag: 'VERIFIED' });
    const { analyses } = decodeResults(
      objects.map(({ bytes }) => bytes),
      geometry,
    );
    expect(analyses[0]?.verification).toEqual(act);
  });

  it('is refused without a person, an organization or a time', () => {
    for (const fault of [{ observer: '^' }, { organization: ' ' }, { at: 'yesterday' }]) {
      expect(() => write(parts, { verification: { ...act, ...fault } })).toThrow(/contradicts itself/);
    }
  });
});
