import type { IncomingMessage, ServerResponse } from 'node:http';
import { ArchiveIndex } from './index/archive-index.ts';
import { scan } from './index/scan.ts';
import { BadRequest } from './dicomweb/bad-request.ts';
import { route, type ArchiveContext } from './dicomweb/route.ts';
import { openStorage } from './storage.ts';

export interface ArchiveOptions {
  /** Folder that takes what is stored. */
  readonly storage: string;
  /** Folders that are only read. */
  readonly folders: readonly string[];
  readonly cacheFile: string;
}

export interface Archive {
  readonly counts: { readonly studies: number; readonly series: number; readonly instances: number };
  /** Files in the folders that are no readable DICOM instance. */
  readonly skipped: number;
  /** Answers a DICOMweb request; `path` is what follows the archive's root. */
  readonly handle: (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void>;
}

/**
 * A DICOMweb archive over folders of files, for trying Overread without a PACS. No access control, no audit trail, no
 * backup: for demonstration only, and it says so.
 * @throws OverreadError demo.folder-unreadable.
 */
export async function openArchive({ storage, folders, cacheFile }: ArchiveOptions): Promise<Archive> {
  const index = new ArchiveIndex();
  const context: ArchiveContext = { index, storage: await openStorage(storage) };
  const { entries, skipped } = await scan([...folders, storage], cacheFile);
  for (const entry of entries) index.add(entry);
  return {
    get counts() {
      return index.counts;
    },
    skipped,
    handle: async (request, response, path) => {
      response.setHeader('Server', 'Overread demo archive (for demonstration only, not for clinical use)');
      response.setHeader('Cache-Control', 'no-store');
      try {
        await route(request, response, path, context);
      } catch (error) {
        if (!(error instanceof BadRequest) || response.headersSent) throw error;
        response.writeHead(error.status, { 'Content-Type': 'text/plain; charset=utf-8' });
        response.end(`${error.message}\n`);
      }
    },
  };
}
