import type { Analysis } from '../analysis/index.ts';
import { encodeKeyObjects } from './key-objects/encode.ts';
import type { DicomObject, EncodeOptions } from './object.ts';
import { encodePresentationStates } from './presentation-state/encode.ts';
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
  const states = presentationState == null ? [] : encodePresentationStates(analysis, presentationState, source, now);
  const captures = secondaryCapture == null ? [] : encodeSecondaryCaptures(analysis, secondaryCapture, source, now);
  const named = { report, states, captures };
  const selection = keyObjects === true ? encodeKeyObjects(analysis, named, source, now) : null;
  return [...states.map(({ object }) => object), ...captures, ...(selection === null ? [] : [selection])];
}
