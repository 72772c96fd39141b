import { textOf } from '@overread/core/dicom';
import { OverreadError } from '@overread/core/errors';
import { authorizationHeader } from './user.ts';
import type { HostArchive } from './types.ts';
import type { DataSource, Instance, Managers, WadoClient } from './viewer.ts';

/** Modalities of the objects that results are stored as. */
const resultModalities = new Set(['SR', 'SEG']);

/** Storing and retrieving through the viewer's own data source: its addresses, its login. */
export function createArchive(
  managers: Managers,
  instancesOf: (seriesUID: string) => readonly Instance[],
): HostArchive {
  const dataSource = (): DataSource | undefined => managers.extensionManager.getActiveDataSource()[0];

  function wadoClient(): WadoClient {
    const client = dataSource()?.retrieve?.getWadoDicomWebClient?.();
    if (client === undefined) {
      throw new OverreadError('pacs.unreachable', { why: 'the data source of this study is no DICOMweb archive' });
    }
    client.headers = authorizationHeader(managers);
    return client;
  }

  async function listSeries(studyInstanceUID: string): Promise<readonly string[]> {
    const series = dataSource()?.query?.series;
    if (series === undefined) return [];
    const found = await series.search(studyInstanceUID).catch((error: unknown) => unreachable(error));
    if (!Array.isArray(found)) return [];
    return (found as Readonly<Record<string, unknown>>[])
      .filter((series) => resultModalities.has(textOf(series, 'modality') ?? ''))
      .map((series) => textOf(series, 'seriesInstanceUid'))
      .filter((uid) => uid !== null);
  }

  return {
    canStore() {
      return typeof dataSource()?.store?.dicom === 'function'
        ? { ok: true }
        : { ok: false, reason: 'The source of this study only reads; open it from an archive that stores.' };
    },

    async store(part10) {
      const store = dataSource()?.store;
      if (store?.dicom === undefined) throw new OverreadError('save.no-store');
      // A copy of exactly the object's bytes: the view may be part of a larger buffer.
      const bytes = new Uint8Array(part10).buffer;
      await store.dicom(bytes).catch((error: unknown) => refused(error));
    },

    async announce({ studyInstanceUID, seriesInstanceUID }) {
      const source = dataSource();
      const series = source?.retrieve?.series;
      if (source === undefined || series === undefined) return;
      // The viewer keeps the answer to its first question about the study for good, under a key that changed between
      // versions: without this it would neither ask about the new series now nor find it at the next opening.
      const forget = () => {
        source.deleteStudyMetadataPromise?.(studyInstanceUID);
        source.deleteStudyMetadataPromise?.(`${String(source.getConfig?.()?.['name'])}:${studyInstanceUID}`);
      };
      forget();
      try {
        await series.metadata({
          StudyInstanceUID: studyInstanceUID,
          filters: { seriesInstanceUID: [seriesInstanceUID] },
        });
      } catch (error) {
        unreachable(error);
      } finally {
        forget();
      }
    },

    async retrieve(reference) {
      const answer = await wadoClient()
        .retrieveInstance(reference)
        .catch((error: unknown) => unreachable(error));
      const bytes: unknown = Array.isArray(answer) ? answer[0] : answer;
      if (bytes instanceof ArrayBuffer) return new Uint8Array(bytes);
      if (ArrayBuffer.isView(bytes)) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      throw new OverreadError('pacs.bad-answer', { why: 'an instance came back as something that is no file' });
    },

    async listResults(studyInstanceUID) {
      const series = await listSeries(studyInstanceUID);
      const lists = await Promise.all(
        series.map(async (seriesInstanceUID) => {
          const answer = await wadoClient()
            .retrieveSeriesMetadata({ studyInstanceUID, seriesInstanceUID })
            .catch((error: unknown) => unreachable(error));
          return Array.isArray(answer) ? (answer as DicomJson[]).map(resultOf) : [];
        }),
      );
      return lists.flat().filter((result) => result.sopInstanceUID !== '');
    },

    sourceAttributes(seriesInstanceUID) {
      const instance = instancesOf(seriesInstanceUID)[0];
      if (instance === undefined) {
        throw new OverreadError('pacs.series-not-found', { details: { seriesInstanceUID } });
      }
      return instance;
    },
  };
}

/** DICOM JSON model (PS3.18 annex F). */
type DicomJson = Readonly<Record<string, { readonly Value?: readonly unknown[] } | undefined>>;

function resultOf(instance: DicomJson) {
  const value = (tag: string): string => {
    const first = instance[tag]?.Value?.[0];
    return typeof first === 'string' ? first : '';
  };
  return {
    modality: value('00080060'),
    sopClassUID: value('00080016'),
    sopInstanceUID: value('00080018'),
    seriesInstanceUID: value('0020000E'),
  };
}

/** What a proxy answers in the name of an archive that is down (RFC 9110 section 15.6). */
const down: readonly (number | null)[] = [null, 502, 503, 504];
/** No login, no right, no such service, no such method: an archive that stores nothing from here, whatever it is. */
const readOnly: readonly (number | null)[] = [401, 403, 404, 405, 501];

function unreachable(error: unknown): never {
  throw new OverreadError(down.includes(statusOf(error)) ? 'pacs.unreachable' : 'pacs.refused', because(error));
}

function refused(error: unknown): never {
  const status = statusOf(error);
  if (down.includes(status)) throw new OverreadError('pacs.unreachable', because(error));
  throw new OverreadError(readOnly.includes(status) ? 'save.read-only' : 'save.refused', because(error));
}

/** HTTP status, where the archive answered at all. */
function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null) return null;
  const status = 'status' in error ? error.status : null;
  return typeof status === 'number' && status > 0 ? status : null;
}

function because(error: unknown): { readonly why: string; readonly cause: unknown } {
  const status = statusOf(error);
  return { why: status === null ? 'no answer' : `it answered ${status}`, cause: error };
}
