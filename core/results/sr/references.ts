import type { AnalysisSource } from '../../analysis/index.ts';
import { itemsOf, textOf, type Attributes } from '../../dicom/index.ts';
import type { ObjectReference } from '../object.ts';
import type { RowOf } from './relationships.ts';

/** Images the groups point at; where there are none, all that were analysed: a negative result must say of what. */
export function imagesIn(groups: readonly RowOf<'CONTAINER'>[], source: AnalysisSource): ReadonlySet<string> {
  const own = new Set(source.slices.map((slice) => slice.sopInstanceUID));
  const found = new Set([...referencedInstances(groups)].filter((uid) => own.has(uid)));
  return found.size === 0 ? own : found;
}

/** The analysed images that the content refers to, each with its series: evidence must be complete (PS3.3 C.17.2.3). */
export function imagesReferredTo(
  content: readonly RowOf<'CONTAINER'>[],
  { studyInstanceUID, seriesInstanceUID, slices }: AnalysisSource,
): readonly ObjectReference[] {
  const used = referencedInstances(content);
  return slices
    .filter(({ sopInstanceUID }) => used.has(sopInstanceUID))
    .map(({ sopClassUID, sopInstanceUID }) => ({ studyInstanceUID, seriesInstanceUID, sopClassUID, sopInstanceUID }));
}

/** SOP Instance UIDs that the content points at. */
function referencedInstances(items: readonly Attributes[], found = new Set<string>()): ReadonlySet<string> {
  for (const item of items) {
    for (const reference of itemsOf(item, 'ReferencedSOPSequence')) {
      const uid = textOf(reference, 'ReferencedSOPInstanceUID');
      if (uid !== null) found.add(uid);
    }
    if ('ContentSequence' in item) referencedInstances(itemsOf(item, 'ContentSequence'), found);
  }
  return found;
}
