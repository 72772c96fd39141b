import type { Analysis } from '../analysis/index.ts';
import { isUID, textOf, type Attributes } from '../dicom/index.ts';
import { OverreadError } from '../errors/index.ts';
import { encodeFallbacks } from './fallbacks.ts';
import type { DicomObject, EncodeOptions, ObjectReference } from './object.ts';
import { encodeParametricMap, type EncodedParametricMap } from './parametric-map/encode.ts';
import { encodeSegmentation, type EncodedSegmentation } from './seg/encode.ts';
import { encodeReport } from './sr/encode.ts';

/**
 * An analysis as DICOM objects, in the order in which to store them: the SEG (where there are label maps and it is
 * wanted), Parametric Maps (likewise), SR documents of further kinds of measurement groups (where there are some),
 * then the SR that is the root and refers to all of these. After it come, where wanted, what displays without SR can
 * show: presentation state, secondary captures, key object selection.
 * Every call makes objects with fresh UIDs. The timings are not stored.
 * @throws OverreadError `results.wrong-source` where the source instance is of another study or series,
 *   `results.inconsistent` where the analysis contradicts itself, `dicom.invalid-value` where a value fits no attribute.
 */
export function encodeAnalysis(analysis: Analysis, options: EncodeOptions): readonly DicomObject[] {
  checkSource(analysis, options.source);
  checkUIDs(analysis);
  const now = new Date();
  const stored = options.storedSegmentation ?? null;
  const encoded = stored === null ? encodeMask(analysis, options, now) : null;
  const maps = encodeMaps(analysis, options, now);
  const { root, parts } = encodeReport(analysis, {
    source: options.source,
    segmentation: encoded?.reference ?? stored,
    parametricMaps: maps.map((map, n) => map?.reference ?? storedMap(options, n)),
    verification: options.verification ?? null,
    predecessors: options.predecessors,
    now,
  });
  const main = [encoded?.object, ...maps.map((map) => map?.object), ...parts, root].filter(
    (object) => object !== undefined,
  );
  return [...main, ...encodeFallbacks(analysis, root, options, now)];
}

function encodeMask(analysis: Analysis, options: EncodeOptions, now: Date): EncodedSegmentation | null {
  const { segmentation, probabilities, source } = options;
  const { labelMaps } = analysis;
  if (segmentation === false || labelMaps.length === 0) return null;
  // The other kinds hold one label per voxel.
  const kind = segmentation === true || labelMaps.length > 1 ? 'binary' : segmentation;
  return encodeSegmentation(analysis, labelMaps, {
    kind,
    source,
    now,
    ...(probabilities === undefined ? {} : { probabilities }),
  });
}

/** Of each heat map; null where it is stored already, or not wanted. */
function encodeMaps(analysis: Analysis, options: EncodeOptions, now: Date): readonly (EncodedParametricMap | null)[] {
  const { source, parametricMap = false } = options;
  const onSourceGrid = parametricMap === 'on-source-grid';
  return analysis.heatMaps.map((heatMap, n) =>
    parametricMap === false || storedMap(options, n) !== null
      ? null
      : encodeParametricMap(analysis, heatMap, { source, now, onSourceGrid }),
  );
}

function storedMap({ storedParametricMaps = [] }: EncodeOptions, n: number): ObjectReference | null {
  return storedParametricMaps[n] ?? null;
}

function checkSource({ source }: Analysis, attributes: Attributes): void {
  const study = textOf(attributes, 'StudyInstanceUID');
  const series = textOf(attributes, 'SeriesInstanceUID');
  if (study !== source.studyInstanceUID) {
    throw new OverreadError('results.wrong-source', { why: 'the source image is of another study' });
  }
  if (series !== null && series !== source.seriesInstanceUID) {
    throw new OverreadError('results.wrong-source', { why: 'the source image is of another series' });
  }
}

function checkUIDs({ uid, model, findings }: Analysis): void {
  const bad = [uid, model.deviceUID, ...findings.map((finding) => finding.trackingUID)].find((one) => !isUID(one));
  if (bad !== undefined) throw new OverreadError('results.inconsistent', { why: `"${bad}" is no UID` });
  const tracking = new Set(findings.map((finding) => finding.trackingUID));
  if (tracking.size !== findings.length) {
    throw new OverreadError('results.inconsistent', { why: 'two findings have the same tracking UID' });
  }
}
