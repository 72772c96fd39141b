import { OverreadError } from '@overread/core/errors';
import { authorizationHeader } from './user.ts';
import { listResults } from './list-results.ts';
import { refused, unreachable } from './archive-errors.ts';
import { transferBeside } from './transfer.ts';
import type { HostArchive } from './types.ts';
import type { DataSource, Instance, Managers, WadoClient } from './viewer.ts';

/** Bytes from which on an object is large: a smaller one goes the viewer's own way. */
const large = 1 << 20;

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

  const transfer = () => {
    const client = dataSource()?.retrieve?.getWadoDicomWebClient?.();
    return client === undefined ? null : transferBeside(wadoClient());
  };

  return {
    canStore() {
      return typeof dataSource()?.store?.dicom === 'function'
        ? { ok: true }
        : { ok: false, reason: 'The source of this study only reads; open it from an archive that stores.' };
    },

    async store(part10) {
      const store = dataSource()?.store;
      if (store?.dicom === undefined) throw new OverreadError('save.no-store');
      const beside = part10.length < large ? null : transfer();
      if (beside !== null) {
        await beside.post(part10).catch((error: unknown) => refused(error));
        return;
      }
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
      const client = wadoClient();
      const beside = transferBeside(client);
      if (beside !== null) return beside.get(reference).catch((error: unknown) => unreachable(error));
      const answer = await client.retrieveInstance(reference).catch((error: unknown) => unreachable(error));
      const bytes: unknown = Array.isArray(answer) ? answer[0] : answer;
      if (bytes instanceof ArrayBuffer) return new Uint8Array(bytes);
      if (ArrayBuffer.isView(bytes)) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      throw new OverreadError('pacs.bad-answer', { why: 'an instance came back as something that is no file' });
    },

    listResults: (studyInstanceUID) => listResults(studyInstanceUID, dataSource()?.query?.series, wadoClient),

    sourceAttributes(seriesInstanceUID) {
      const instance = instancesOf(seriesInstanceUID)[0];
      if (instance === undefined) {
        throw new OverreadError('pacs.series-not-found', { details: { seriesInstanceUID } });
      }
      return instance;
    },

    imageAttributes: (seriesInstanceUID) => instancesOf(seriesInstanceUID),
  };
}
