import type { Finding, ModelIdentity } from '../../analysis/index.ts';
import { dcmCodes, englishUnitedStates } from '../../dicom/index.ts';
import { code, pname, text, uidref } from './content-item.ts';
import type { RowOf } from './relationships.ts';

/** TID 1204: what language the names are in. */
export function languageOfContent(): readonly RowOf<'CONTAINER'>[] {
  return [code('HAS CONCEPT MOD', dcmCodes.language, englishUnitedStates)];
}

/** TID 1001 with TID 1004: the algorithm as the observer, in agreement with Contributing Equipment. */
export function deviceObserver(model: ModelIdentity): readonly RowOf<'CONTAINER'>[] {
  return [
    code('HAS OBS CONTEXT', dcmCodes.observerType, dcmCodes.device),
    uidref('HAS OBS CONTEXT', dcmCodes.deviceObserverUID, model.deviceUID),
    text('HAS OBS CONTEXT', dcmCodes.deviceObserverName, model.id),
    text('HAS OBS CONTEXT', dcmCodes.deviceObserverManufacturer, model.manufacturer),
    text('HAS OBS CONTEXT', dcmCodes.deviceObserverModelName, model.title),
  ];
}

/** TID 1003: a person who acted. */
export function personObserver(name: string): readonly RowOf<'CONTAINER'>[] {
  return [
    code('HAS OBS CONTEXT', dcmCodes.observerType, dcmCodes.person),
    pname('HAS OBS CONTEXT', dcmCodes.personObserverName, name),
  ];
}

/** The people who reviewed findings, each once, by name. */
export function reviewers(findings: readonly Finding[]): readonly string[] {
  const names = findings.map((finding) => finding.review.reviewer).filter((name) => name !== null && name !== '');
  return [...new Set(names)].filter((name) => name !== null);
}
