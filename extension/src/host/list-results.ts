import { sopClasses, textOf } from '@overread/core/dicom';
import { asOverreadError } from '@overread/core/errors';
import { unreachable } from './archive-errors.ts';
import type { ListedObject, ListedResults } from './types.ts';
import type { DataSource, WadoClient } from './viewer.ts';

/** Modalities of the series that results are stored in; of OT, which a Parametric Map may be, only those. */
const resultModalities = new Set(['SR', 'SEG', 'OT']);

const kinds: Readonly<Record<string, ListedObject['kind']>> = {
  [sopClasses.enhancedSr]: 'SR',
  [sopClasses.comprehensiveSr]: 'SR',
  [sopClasses.comprehensive3DSr]: 'SR',
  [sopClasses.segmentation]: 'SEG',
  [sopClasses.labelMapSegmentation]: 'SEG',
  [sopClasses.parametricMap]: 'PM',
};

/** Asks the archive for the results of a study, past whatever the viewer remembers. */
export async function listResults(
  studyInstanceUID: string,
  query: DataSourceQuery,
  client: () => WadoClient,
): Promise<ListedResults> {
  const series = await resultSeries(studyInstanceUID, query);
  const answers = await Promise.allSettled(
    series.map(({ seriesInstanceUID }) =>
      client()
        .retrieveSeriesMetadata({ studyInstanceUID, seriesInstanceUID })
        .catch((error: unknown) => unreachable(error)),
    ),
  );
  const lists = answers.map((answer) =>
    answer.status === 'fulfilled' && Array.isArray(answer.value) ? (answer.value as DicomJson[]) : null,
  );
  const failures = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
  // Where no series answers it is the archive, not the series.
  if (failures.length > 0 && failures.length === series.length) throw failures[0];
  const objects = lists.flatMap((list) => list ?? []).map((instance) => resultOf(instance, studyInstanceUID));
  return {
    objects: objects.filter((object) => object !== null),
    problems: series.flatMap(({ name }, n) => {
      const answer = answers[n];
      if (lists[n] !== null || answer === undefined) return [];
      const why =
        answer.status === 'rejected' ? asOverreadError(answer.reason).message : 'The archive’s answer is no list.';
      return [`${name}: ${why}`];
    }),
  };
}

interface ResultSeries {
  readonly seriesInstanceUID: string;
  /** By what a person finds it: number and description. */
  readonly name: string;
}

async function resultSeries(studyInstanceUID: string, query: DataSourceQuery): Promise<readonly ResultSeries[]> {
  if (query === undefined) return [];
  const found = await query.search(studyInstanceUID).catch((error: unknown) => unreachable(error));
  if (!Array.isArray(found)) return [];
  return (found as Readonly<Record<string, unknown>>[]).flatMap((series) => {
    const modality = textOf(series, 'modality') ?? '';
    const seriesInstanceUID = textOf(series, 'seriesInstanceUid');
    if (seriesInstanceUID === null || !resultModalities.has(modality)) return [];
    const number = textOf(series, 'seriesNumber');
    const description = textOf(series, 'description');
    const name = [modality, number === null ? null : `series ${number}`].filter((part) => part !== null).join(' ');
    return [{ seriesInstanceUID, name: description === null ? name : `${name} (${description})` }];
  });
}

type DataSourceQuery = NonNullable<DataSource['query']>['series'];

/** DICOM JSON model (PS3.18 annex F). */
type DicomJson = Readonly<Record<string, { readonly Value?: readonly unknown[] } | undefined>>;

/** Null for what is no result. */
function resultOf(instance: DicomJson, studyInstanceUID: string): ListedObject | null {
  const sopClassUID = valueOf(instance, '00080016');
  const sopInstanceUID = valueOf(instance, '00080018');
  const kind = kinds[sopClassUID];
  if (kind === undefined || sopInstanceUID === '') return null;
  const maker = [valueOf(instance, '00080070'), valueOf(instance, '00081090')].filter((part) => part !== '');
  return {
    kind,
    studyInstanceUID,
    sopClassUID,
    sopInstanceUID,
    seriesInstanceUID: valueOf(instance, '0020000E'),
    description: valueOf(instance, '0008103E'),
    maker: [...new Set(maker)].join(' '),
    about: itemsIn(instance, '00081115').map((item) => valueOf(item, '0020000E')),
    segments: itemsIn(instance, '00620002').map((item) => valueOf(item, '00620005')),
  };
}

function valueOf(instance: DicomJson, tag: string): string {
  const first = instance[tag]?.Value?.[0];
  return typeof first === 'string' ? first.trim() : '';
}

function itemsIn(instance: DicomJson, tag: string): readonly DicomJson[] {
  const items = instance[tag]?.Value;
  return Array.isArray(items)
    ? items.filter((item): item is DicomJson => typeof item === 'object' && item !== null)
    : [];
}
