import type { Dataset } from '../../dicom/index.ts';
import type { ObjectReference } from '../object.ts';

/** Every instance a document refers to, by study and series (Hierarchical SOP Instance Reference Macro, PS3.3 table C.17-3). */
export function evidence(references: Iterable<ObjectReference>): readonly Dataset[] {
  const studies = new Map<string, Map<string, Map<string, Dataset>>>();
  for (const reference of references) {
    const series = getOrAdd(studies, reference.studyInstanceUID, () => new Map<string, Map<string, Dataset>>());
    const instances = getOrAdd(series, reference.seriesInstanceUID, () => new Map<string, Dataset>());
    instances.set(reference.sopInstanceUID, {
      ReferencedSOPClassUID: reference.sopClassUID,
      ReferencedSOPInstanceUID: reference.sopInstanceUID,
    });
  }
  return [...studies].map(([StudyInstanceUID, series]) => ({
    StudyInstanceUID,
    ReferencedSeriesSequence: [...series].map(([SeriesInstanceUID, instances]) => ({
      SeriesInstanceUID,
      ReferencedSOPSequence: [...instances.values()],
    })),
  }));
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
