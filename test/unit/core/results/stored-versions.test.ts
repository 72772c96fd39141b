import { describe, expect, it } from 'vitest';
import type { Analysis } from '@overread/core/analysis';
import { itemsOf, newUID, readPart10, rejectionReasons, textOf, writePart10 } from '@overread/core/dicom';
import { isOverreadError } from '@overread/core/errors';
import { decodeResults, type EncodeOptions } from '@overread/core/results';
import { analysisOf, boxLabelMap, noduleFinding, regionFinding, tissueFinding } from '../../../support/analyses.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import { encodeAnalysis } from '../../../support/checked-results.ts';

const series = ctSeries();
const labelMap = boxLabelMap(series.geometry);
const analysis = analysisOf(series.geometry, { labelMaps: [labelMap], findings: [noduleFinding(labelMap)] });
const options: EncodeOptions = { source: series.datasets[0] ?? {}, segmentation: true, predecessors: [] };

function save(what: Analysis, more: Partial<EncodeOptions> = {}): readonly Uint8Array[] {
  return encodeAnalysis(what, { ...options, ...more }).map((object) => object.bytes);
}

/** The object with some attributes changed, as another writer might have written it. */
function changed(bytes: Uint8Array, changes: Record<string, unknown>): Uint8Array {
  const { dataset } = readPart10(bytes);
  return writePart10({ ...dataset, ...changes });
}

function reviewed(state: 'accepted' | 'rejected'): Analysis {
  const review = { state, reason: rejectionReasons[0] ?? null, reviewer: null, at: '2026-11-04T00:00:00+00:00' };
  return { ...analysis, findings: analysis.findings.map((finding) => ({ ...finding, review })) };
}

describe('a second save', () => {
  const first = save(analysis);
  const [stored] = decodeResults(first, series.geometry).analyses;
  if (stored === undefined) throw new Error('the first save reads back');
  const second = save(reviewed('accepted'), {
    predecessors: [stored.document],
    storedSegmentation: stored.segmentation,
  });

  it('writes one report that names its predecessor and refers to the mask stored before', () => {
    expect(second).toHaveLength(1);
    const { dataset } = readPart10(second[0] ?? new Uint8Array());
    expect(JSON.stringify(dataset['PredecessorDocumentsSequence'])).toContain(stored.document.sopInstanceUID);
  });

  it('is what is read afterwards, in whatever order the archive answers', () => {
    for (const objects of [[...first, ...second], [...second, ...first].reverse()]) {
      const { analyses, problems } = decodeResults(objects, series.geometry);
      expect(problems).toEqual([]);
      expect(analyses.map((one) => one.analysis)).toEqual([reviewed('accepted')]);
    }
  });

  it('wins by its place in the chain, not by the clock', () => {
    const early = changed(second[0] ?? new Uint8Array(), { InstanceCreationDate: '19990101' });
    const { analyses } = decodeResults([...first, early], series.geometry);
    expect(analyses[0]?.analysis.findings[0]?.review.state).toBe('accepted');
  });

  it('gives way to the later one of two that both name the same predecessor', () => {
    const [other] = save(reviewed('rejected'), {
      predecessors: [stored.document],
      storedSegmentation: stored.segmentation,
    });
    const later = changed(other ?? new Uint8Array(), { InstanceCreationDate: '20990101' });
    const { analyses } = decodeResults([later, ...first, ...second], series.geometry);
    expect(analyses).toHaveLength(1);
    expect(analyses[0]?.analysis.findings[0]?.review.state).toBe('rejected');
  });
});

describe('findings of several kinds', () => {
  const mixed = analysisOf(series.geometry, {
    labelMaps: [labelMap],
    findings: [
      regionFinding(),
      tissueFinding(labelMap),
      noduleFinding(labelMap),
      { ...regionFinding(), trackingUID: newUID() },
    ],
  });
  const written = encodeAnalysis(mixed, options);
  const bytes = written.map((object) => object.bytes);
  const uidOf = (index: number) => written[index]?.sopInstanceUID ?? '';

  it('stand in documents of their own, stored before the root that refers to them', () => {
    expect(written.map(({ kind }) => kind)).toEqual(['SEG', 'SR-PART', 'SR-PART', 'SR']);
    const templates = written.slice(1).map(({ bytes: file }) => {
      const { dataset } = readPart10(file);
      const measurements = itemsOf(dataset, 'ContentSequence').flatMap((item) => itemsOf(item, 'ContentSequence'));
      return measurements
        .flatMap((item) => itemsOf(item, 'ContentTemplateSequence'))
        .map((template) => textOf(template, 'TemplateIdentifier'));
    });
    expect(templates).toEqual([
      ['1601', '1410', '1410'],
      ['1601', '1411'],
      ['1601', '1501'],
    ]);
  });

  it('are one analysis again, in their order, in whatever order the archive answers', () => {
    for (const objects of [bytes, [...bytes].reverse()]) {
      const { analyses, otherReports, problems } = decodeResults(objects, series.geometry);
      expect(problems).toEqual([]);
      expect(otherReports).toEqual([]);
      expect(analyses.map((one) => one.analysis)).toEqual([mixed]);
      expect(analyses[0]?.document.sopInstanceUID).toBe(uidOf(3));
      expect(analyses[0]?.parts.map((part) => part.sopInstanceUID)).toEqual([uidOf(1), uidOf(2)]);
    }
  });

  it('are told of where a part is missing, and the others stay', () => {
    const { analyses, problems } = decodeResults(bytes.toSpliced(1, 1), series.geometry);
    expect(problems.map(({ code, message }) => [code, message.includes(uidOf(1))])).toEqual([
      ['results.part-missing', true],
    ]);
    expect(analyses[0]?.analysis.findings.map(({ label }) => label)).toEqual(['Lung', 'Nodule']);
  });

  it('are no analysis without their root', () => {
    const { analyses, otherReports, problems } = decodeResults(bytes.slice(0, 3), series.geometry);
    expect(analyses).toEqual([]);
    expect(otherReports).toEqual([]);
    expect(problems.map(({ code }) => code)).toEqual([
      'results.segmentation-alone',
      'results.part-alone',
      'results.part-alone',
    ]);
  });

  it('are replaced as a whole by the next version', () => {
    const [stored] = decodeResults(bytes, series.geometry).analyses;
    if (stored === undefined) throw new Error('the first save reads back');
    const next = { ...mixed, findings: mixed.findings.slice(0, 1) };
    const second = save(next, {
      predecessors: [stored.document, ...stored.parts],
      storedSegmentation: stored.segmentation,
    });
    const { analyses, problems } = decodeResults([...bytes, ...second], series.geometry);
    expect(problems).toEqual([]);
    expect(analyses.map((one) => one.analysis)).toEqual([next]);
  });
});

describe('two analyses of one series', () => {
  it('stay two', () => {
    const other = { ...analysis, uid: '2.25.4711' };
    const { analyses } = decodeResults([...save(analysis), ...save(other)], series.geometry);
    expect(analyses.map((one) => one.analysis.uid).sort()).toEqual([analysis.uid, other.uid].sort());
  });
});

describe('a save is refused', () => {
  const codeOf = (what: Analysis, more: Partial<EncodeOptions> = {}): string => {
    try {
      save(what, more);
    } catch (error) {
      if (isOverreadError(error)) return error.code;
      throw error;
    }
    return 'written';
  };

  it('on the attributes of another study or series', () => {
    expect(codeOf(analysis, { source: { ...options.source, StudyInstanceUID: '1.2.3' } })).toBe('results.wrong-source');
    expect(codeOf(analysis, { source: { ...options.source, SeriesInstanceUID: '1.2.3' } })).toBe(
      'results.wrong-source',
    );
    expect(codeOf(analysis, { source: {} })).toBe('results.wrong-source');
  });

  it('with a label that has no segment', () => {
    const labels = labelMap.labels.map((label) => (label === 2 ? 7 : label));
    expect(codeOf({ ...analysis, labelMaps: [{ ...labelMap, labels }] })).toBe('results.inconsistent');
  });

  it('with a mask on another grid', () => {
    const { grid } = ctSeries({ origin: [0, 0, 0] }).geometry;
    expect(codeOf({ ...analysis, labelMaps: [{ ...labelMap, grid }] })).toBe('results.inconsistent');
  });

  it('with two findings of the same identity, or none', () => {
    const [finding] = analysis.findings;
    if (finding === undefined) throw new Error('there is a finding');
    expect(codeOf({ ...analysis, findings: [finding, finding] })).toBe('results.inconsistent');
    expect(codeOf({ ...analysis, findings: [{ ...finding, trackingUID: '' }] })).toBe('results.inconsistent');
  });
});
