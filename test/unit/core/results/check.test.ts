import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOverreadError } from '@overread/core/errors';
import { readPart10, writePart10, type Dataset, type ElementValue, type Keyword } from '@overread/core/dicom';
import { checkObject, checkRules, decodeResults, type ObjectKind } from '@overread/core/results';
import { analysisOf, boxLabelMap, noduleFinding, tissueFinding } from '../../../support/analyses.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import { everyObject } from '../../../support/every-object.ts';
import { awkwardMap } from '../../../support/heat-maps.ts';
import { encodeAnalysis } from '../../../support/checked-results.ts';

const { geometry, datasets } = ctSeries();
const labelMap = boxLabelMap(geometry);
const write = (findings: Parameters<typeof analysisOf>[1]) =>
  encodeAnalysis(analysisOf(geometry, { labelMaps: [labelMap], ...findings }), everyObject(geometry, datasets));
const nodules = write({
  heatMaps: [awkwardMap(geometry.grid)],
  findings: [noduleFinding(labelMap), { ...noduleFinding(labelMap), trackingUID: '2.25.9' }],
});
const tissue = write({ findings: [tissueFinding(labelMap)] });

function datasetOf(kind: ObjectKind | 'SR of a segment'): Dataset {
  const objects = kind === 'SR of a segment' ? tissue : nodules;
  const wanted = kind === 'SR of a segment' ? 'SR' : kind;
  const bytes = objects.find((object) => object.kind === wanted)?.bytes ?? new Uint8Array();
  return readPart10(bytes).dataset;
}

/** A change of every item and every dataset in an object; what the function leaves alone stays. */
function everywhere(dataset: Dataset, change: (item: Dataset) => Dataset): Dataset {
  const changed: Partial<Record<Keyword, ElementValue>> = {};
  for (const [keyword, value] of Object.entries(change(dataset)) as [Keyword, ElementValue][]) {
    const items = Array.isArray(value) && typeof value[0] === 'object' ? (value as readonly Dataset[]) : null;
    changed[keyword] = items === null ? value : items.map((item) => everywhere(item, change));
  }
  return changed;
}

const without =
  (...keywords: readonly Keyword[]) =>
  (item: Dataset): Dataset =>
    Object.fromEntries(Object.entries(item).filter(([keyword]) => !keywords.includes(keyword as Keyword)));

const nameOf = (item: Dataset) => ((item.ConceptNameCodeSequence ?? []) as Dataset[])[0]?.CodeValue;
/** Content items of a concept changed, or taken out where the change is null. */
const items = (concept: string, change: ((item: Dataset) => Dataset) | null) => (item: Dataset) => {
  if (!Array.isArray(item.ContentSequence)) return item;
  const content = (item.ContentSequence as Dataset[]).flatMap((child) =>
    nameOf(child) !== concept ? [child] : change === null ? [] : [change(child)],
  );
  return { ...item, ContentSequence: content };
};
const put = (changes: Dataset) => (item: Dataset) => ({ ...item, ...changes });
const only = (keyword: Keyword, changes: Dataset) => (item: Dataset) => (keyword in item ? put(changes)(item) : item);
const code = (value: string, scheme: string, meaning: string) => [
  { CodeValue: value, CodingSchemeDesignator: scheme, CodeMeaning: meaning },
];

/** For every rule an object that breaks it: [rule, kind, what is done to it]. */
const broken: readonly (readonly [string, ObjectKind | 'SR of a segment', (item: Dataset) => Dataset])[] = [
  ['common.identity', 'SR', without('StudyInstanceUID')],
  ['common.uid', 'KO', only('UID', { UID: '1' })],
  ['common.modality', 'SEG', put({ Modality: 'SR' })],
  ['common.enhanced-equipment', 'PM', without('DeviceSerialNumber')],
  ['code.complete', 'SR', only('CodeMeaning', { CodeMeaning: null })],
  ['code.scheme', 'SEG', only('CodeValue', { CodingSchemeDesignator: 'SRT' })],
  ['code.private-scheme', 'SR', without('CodingSchemeIdentificationSequence')],
  ['code.meaning', 'SR', items('111003', put({ ConceptNameCodeSequence: code('111003', 'DCM', 'Release') }))],
  ['algorithm.equipment', 'SEG', without('ContributingEquipmentSequence')],
  ['algorithm.equipment-complete', 'SR', without('DeviceUID')],
  ['algorithm.agreement', 'SR', items('111003', put({ TextValue: '9.9.9' }))],
  ['algorithm.agreement', 'SEG', only('AlgorithmName', { AlgorithmName: 'Another' })],
  ['algorithm.identification', 'SR', items('111003', null)],
  ['algorithm.observer', 'SR', items('121012', null)],
  ['document.evidence', 'SR', put({ CurrentRequestedProcedureEvidenceSequence: [] })],
  ['document.evidence', 'KO', put({ CurrentRequestedProcedureEvidenceSequence: [] })],
  ['document.item-named', 'SR', items('121071', without('ConceptNameCodeSequence'))],
  ['document.item-value', 'SR', only('MeasurementUnitsCodeSequence', { MeasurementUnitsCodeSequence: [] })],
  ['document.graphic-points', 'SR', items('111010', put({ GraphicData: [1, 2, 3, 4] }))],
  ['document.verification', 'SR', without('VerifyingObserverName')],
  ['document.verification', 'SR', without('VerificationFlag')],
  [
    'tid1500.template',
    'SR',
    (item) => (item.SOPClassUID === undefined ? item : without('ContentTemplateSequence')(item)),
  ],
  ['tid1500.contents', 'SR', (item) => items('126010', null)(items('C0034375', null)(item))],
  ['tid1500.procedure-reported', 'SR', items('121058', null)],
  ['group.tracking', 'SR', items('112040', null)],
  ['group.tracking', 'SR', items('112039', null)],
  ['group.tracking-unique', 'SR', items('112040', put({ UID: '2.25.1' }))],
  ['group.finding-site', 'SR', items('363698007', put({ RelationshipType: 'CONTAINS' }))],
  ['group.closed-contour', 'SR', items('75958009', put({ GraphicData: [1, 1, 5, 1, 5, 4] }))],
  ['group.segment', 'SR of a segment', items('121232', null)],
  ['group.segment', 'SR of a segment', without('ReferencedSegmentNumber')],
  ['viewer.title', 'SR', put({})],
  [
    'viewer.meaning',
    'SR',
    items('125007', put({ ConceptNameCodeSequence: code('125007', 'DCM', 'measurement group') })),
  ],
  ['viewer.coordinates', 'SR of a segment', (item) => items('75958009', null)(items('111010', null)(item))],
  ['viewer.editable', 'SR', (item) => (item.ValueType === 'NUM' ? without('ContentSequence')(item) : item)],
  ['viewer.tracking-first', 'SR of a segment', items('112040', null)],
  ['viewer.segmentation', 'SEG', without('ReferencedSeriesSequence')],
  ['viewer.segmentation', 'SEG', only('NumberOfFrames', { NumberOfFrames: 4 })],
  ['seg.image', 'SEG', without('ContentLabel')],
  ['seg.image', 'SEG', put({ SegmentationType: 'OTHER' })],
  ['seg.segment', 'SEG', without('TrackingUID')],
  ['seg.segment', 'SEG', only('SegmentNumber', { SegmentNumber: 7 })],
  ['seg.frame', 'SEG', only('ReferencedSegmentNumber', { ReferencedSegmentNumber: 7 })],
  ['seg.frame', 'SEG', put({ NumberOfFrames: 1 })],
  ['seg.pixels', 'SEG', put({ PixelData: new Uint8Array(2) })],
  ['pm.image', 'PM', put({ HighBit: 31 })],
  ['pm.image', 'PM', put({ FloatPixelData: new Uint8Array(4) })],
  ['pm.frame', 'PM', without('PlanePositionSequence')],
  ['pm.real-world-value', 'PM', without('MeasurementUnitsCodeSequence')],
  ['pm.quantity', 'PM', without('QuantityDefinitionSequence')],
  ['pr.state', 'PR', without('ReferencedImageSequence')],
  ['pr.displayed-area', 'PR', without('PresentationPixelSpacing')],
  ['pr.annotation', 'PR', without('GraphicLayerSequence')],
  ['pr.annotation', 'PR', only('GraphicData', { NumberOfGraphicPoints: 4 })],
  ['sc.image', 'SC', without('ConversionType')],
  ['sc.marked', 'SC', without('BurnedInAnnotation')],
  ['ko.selection', 'KO', put({ ContentTemplateSequence: [] })],
];

describe('a rule finds what it is about', () => {
  it.each(broken.filter(([rule]) => rule !== 'viewer.title'))('%s in a broken %s', (rule, kind, change) => {
    const whole = datasetOf(kind);
    expect(checkObject(writePart10(whole)).breaches.map((breach) => breach.rule)).not.toContain(rule);
    const { breaches } = checkObject(writePart10(everywhere(whole, change)));
    const found = breaches.filter((breach) => breach.rule === rule);
    expect(found.length).toBeGreaterThan(0);
    for (const { path, message, section } of found) {
      expect(path).toMatch(/^(\([0-9A-F]{4},[0-9A-F]{4}\)(\[\d+\])?(\/|$))*$/);
      expect(message).not.toBe('');
      expect(section).not.toBe('');
    }
  });

  it('viewer.title in a report of another title', () => {
    const other = put({ ConceptNameCodeSequence: code('18748-4', 'LN', 'Diagnostic imaging study') })(datasetOf('SR'));
    expect(checkObject(writePart10(other)).breaches.map(({ rule }) => rule)).toContain('viewer.title');
  });

  it('group.one-kind in groups of two templates', () => {
    let seen = 0;
    const mixed = everywhere(datasetOf('SR'), (item) =>
      item.TemplateIdentifier === '1501' && seen++ === 0 ? put({ TemplateIdentifier: '1410' })(item) : item,
    );
    expect(checkObject(writePart10(mixed)).breaches.map(({ rule }) => rule)).toContain('group.one-kind');
  });

  it('common.text-length in a text that is too long for its VR', () => {
    const long = writePart10({ ...datasetOf('KO'), PatientID: 'x'.repeat(65) }, { asFound: new Set(['PatientID']) });
    expect(checkObject(long).breaches).toMatchObject([{ rule: 'common.text-length', path: '(0010,0020)' }]);
  });

  it('common.file-meta in a file that calls itself something else', () => {
    const bytes = writePart10(datasetOf('KO'));
    const uid = nodules.find(({ kind }) => kind === 'KO')?.sopInstanceUID ?? '';
    // The first place where the UID stands is the file meta information.
    const at = Buffer.from(bytes).indexOf(uid);
    bytes[at + uid.length - 1] = uid.endsWith('1') ? 0x32 : 0x31;
    expect(checkObject(bytes).breaches.map(({ rule }) => rule)).toEqual(['common.file-meta']);
  });

  it('and every rule is tried above', () => {
    const apart = ['group.one-kind', 'common.text-length', 'common.file-meta'];
    const tried = new Set([...broken.map(([rule]) => rule), ...apart]);
    expect(checkRules.map(({ id }) => id).filter((id) => !tried.has(id))).toEqual([]);
    expect(new Set(checkRules.map(({ id }) => id)).size).toBe(checkRules.length);
  });
});

it('a damaged file is reported or refused, never more', () => {
  const files = nodules.map((object) => object.bytes);
  const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(fc.constantFrom(...files), damage, (file, places) => {
      const bytes = file.slice();
      // Beyond the preamble, and mostly in the header: pixels are most of some files.
      for (const [at, value] of places) bytes[132 + (at % Math.min(bytes.length - 132, 12_000))] = value;
      try {
        expect(Array.isArray(checkObject(bytes).breaches)).toBe(true);
      } catch (error) {
        expect(isOverreadError(error)).toBe(true);
      }
      expect(() => decodeResults([bytes, ...files], geometry)).not.toThrow();
    }),
    { numRuns: 150 },
  );
});
