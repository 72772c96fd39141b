import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArchive } from '../../demo/archive/archive.ts';
import { close, listen } from '../../demo/site/listen.ts';
import { pacsProxy } from '../../demo/site/pacs-proxy.ts';
import type { Handler } from '../../demo/site/site.ts';
import { hasOrthanc, startOrthanc } from './orthanc.ts';

export interface TestArchive {
  /** DICOMweb root, without a slash at the end. */
  readonly root: string;
  readonly stop: () => Promise<void>;
}

/** A DICOMweb archive and how it answers where the standard leaves a choice. */
export interface ArchiveKind {
  readonly name: string;
  readonly isAvailable: boolean;
  readonly start: () => Promise<TestArchive>;
  /** Status of a STOW of a known SOP Instance UID with other content. */
  readonly otherContent: 200 | 409;
  /** Status of a STOW of something that is no DICOM file. */
  readonly notDicom: readonly number[];
  /** Whether it answers with frames only as they are stored. */
  readonly asStored: boolean;
  /** Whether percent-encoded values of a search match. */
  readonly decodes: boolean;
}

/** A request handler at /dicomweb of a free loopback port. */
async function serve(handle: Handler): Promise<TestArchive> {
  const { server, port } = await listen(
    (request, response) => {
      const path = (request.url ?? '').split('?')[0]!.slice('/dicomweb'.length);
      Promise.resolve(handle(request, response, path)).catch(() => response.destroy());
    },
    0,
    true,
  );
  return { root: `http://127.0.0.1:${port}/dicomweb`, stop: () => close(server) };
}

async function startDemoArchive(): Promise<TestArchive> {
  const folder = await mkdtemp(join(tmpdir(), 'overread-archive-'));
  const archive = await openArchive({ storage: folder, folders: [], cacheFile: join(folder, '.index.json') });
  const site = await serve(archive.handle);
  return {
    root: site.root,
    async stop() {
      await site.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const credentials = ['reader', 'secret'] as const;

/** Orthanc that asks for a password, behind the proxy that knows it. */
async function startProxiedOrthanc(): Promise<TestArchive> {
  const orthanc = await startOrthanc({ user: credentials });
  const authorization = `Basic ${Buffer.from(credentials.join(':')).toString('base64')}`;
  const root = orthanc.dicomWeb;
  const site = await serve(pacsProxy({ qidoRoot: root, wadoRoot: root, stowRoot: root, authorization, ca: null }));
  return {
    root: site.root,
    async stop() {
      await site.stop();
      await orthanc.stop();
    },
  };
}

async function startPlainOrthanc(): Promise<TestArchive> {
  const { dicomWeb, stop } = await startOrthanc();
  return { root: dicomWeb, stop };
}

const orthancAnswers = {
  isAvailable: hasOrthanc,
  otherContent: 200,
  notDicom: [400, 409],
  asStored: false,
  decodes: false,
} as const;

export const archiveKinds: readonly ArchiveKind[] = [
  {
    name: 'the demo archive',
    isAvailable: true,
    start: startDemoArchive,
    otherContent: 409,
    notDicom: [409],
    asStored: true,
    decodes: true,
  },
  { name: 'Orthanc (packages orthanc, orthanc-dicomweb)', start: startPlainOrthanc, ...orthancAnswers },
  { name: 'Orthanc with a password, through the proxy', start: startProxiedOrthanc, ...orthancAnswers },
];
