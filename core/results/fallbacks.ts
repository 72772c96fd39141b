import type { Analysis } from '../analysis/index.ts';
import { encodeKeyObjects } from './key-objects/encode.ts';
import type { DicomObject, EncodeOptions } from './object.ts';
import { encodePresentationState } from './presentation-state/encode.ts';
import { encodeSecondaryCaptures } from './secondary-capture/encode.ts';

/**
 * What is asked for beside the report, for displays that read no SR: extras that never stand in its place. A failed
 * run has none, since a picture without boxes would look like a negative result.
 */
export function encodeFallbacks(
  analysis: Analysis,
  report: DicomObject,
  options: EncodeOptions,
  now: Date,
): readonly DicomObject[] {
  if (analysis.outcome === 'failed') return [];
  const { source, presentationState, secondaryCapture, keyObjects } = options;
  const objects: (DicomObject | null)[] = [];
  if (presentationState != null) objects.push(encodePresentationState(analysis, presentationState, source, now));
  if (secondaryCapture != null) objects.push(...encodeSecondaryCaptures(analysis, secondaryCapture, source, now));
  if (keyObjects === true) objects.push(encodeKeyObjects(analysis, report, source, now));
  return objects.filter((object) => object !== null);
}
