import type { Analysis } from '../../analysis/index.ts';
import { dcmCodes } from '../../dicom/index.ts';
import { code, text } from './content-item.ts';
import type { RowOf } from './relationships.ts';
import type { StoredSegmentation } from '../object.ts';

/**
 * TID 4019: the model, and as Algorithm Parameters what a reader of the result may ask about the run.
 * @param documentOf For each finding, in order, the document it stands in (0 is the root); empty where there is one only.
 */
export function algorithmIdentification(
  analysis: Analysis,
  link: StoredSegmentation | null,
  documentOf: readonly number[],
): readonly RowOf<'CONTAINER'>[] {
  const { model } = analysis;
  return [
    text('HAS CONCEPT MOD', dcmCodes.algorithmName, model.title),
    text('HAS CONCEPT MOD', dcmCodes.algorithmVersion, model.version),
    ...runFacts(analysis, link, documentOf).map(([key, value]) =>
      text('HAS CONCEPT MOD', dcmCodes.algorithmParameters, `${factNames[key]}: ${value}`),
    ),
    code('HAS CONCEPT MOD', dcmCodes.algorithmFamily, dcmCodes.artificialIntelligence),
  ];
}

/** How each fact is called in the document; the same table reads it back. */
export const factNames = {
  package: 'package',
  digest: 'digest',
  regulatoryStatus: 'regulatory status',
  location: 'computed in',
  runtime: 'runtime',
  threads: 'threads',
  device: 'device',
  skipped: 'not used',
  seriesNumber: 'source series number',
  labelValues: 'label values',
  documentOf: 'documents of the findings',
} as const;

export type FactKey = keyof typeof factNames;

function runFacts(
  { model, place, source }: Analysis,
  link: StoredSegmentation | null,
  documentOf: readonly number[],
): readonly (readonly [FactKey, string])[] {
  const facts: (readonly [FactKey, string])[] = [
    ['package', model.id],
    ['digest', model.digest],
    ['regulatoryStatus', model.regulatoryStatus],
    ['location', place.location],
    ['runtime', place.runtime],
    ['threads', String(place.threads)],
  ];
  if (place.device !== null) facts.push(['device', place.device]);
  for (const { runtime, reason } of place.skipped) facts.push(['skipped', `${runtime}: ${reason}`]);
  if (source.seriesNumber !== null) facts.push(['seriesNumber', String(source.seriesNumber)]);
  // Where the SEG numbers its segments 1, 2, 3…, other label values would be lost.
  const numbers = [...(link?.numbers ?? [])].sort(([, a], [, b]) => a - b);
  if (numbers.some(([value, number]) => value !== number)) {
    facts.push(['labelValues', numbers.map(([value]) => value).join(' ')]);
  }
  if (documentOf.length > 0) facts.push(['documentOf', documentOf.join(' ')]);
  return facts;
}
