import { OverreadError, asOverreadError, describeFaults } from '@overread/core/errors';
import { parseManifest, type Manifest } from '@overread/core/model';
import * as z from 'zod/mini';
import { problemOf, type Problem } from './problem.ts';

/** A model the site offers. */
export interface CatalogueModel {
  readonly manifest: Manifest;
  /** Absolute address of `model.json`; the package's files are relative to it. */
  readonly url: string;
}

/** A model that is listed but cannot be offered: shown with the reason, never silently dropped. */
interface BrokenModel {
  readonly id: string;
  readonly problem: Problem;
}

export interface Catalogue {
  readonly models: readonly CatalogueModel[];
  readonly broken: readonly BrokenModel[];
}

const listSchema = z.object({
  models: z.array(z.object({ id: z.string(), version: z.string(), path: z.string() })),
});

type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/**
 * Fetches `models.json` and each model's manifest.
 * @param root Address of the folder of models, with a slash at the end.
 * @throws OverreadError `catalogue.unreachable` or `catalogue.invalid` when the list itself cannot be had.
 */
export async function fetchCatalogue(root: string, fetchUrl: Fetch, signal: AbortSignal): Promise<Catalogue> {
  const url = new URL('models.json', root).href;
  const list = listSchema.safeParse(await fetchJson(url, fetchUrl, signal));
  if (!list.success) {
    throw new OverreadError('catalogue.invalid', { why: describeFaults(list.error).join('; '), details: { url } });
  }
  const entries = await Promise.all(list.data.models.map((entry) => readModel(entry, root, fetchUrl, signal)));
  return {
    models: entries.filter((entry): entry is CatalogueModel => 'manifest' in entry),
    broken: entries.filter((entry): entry is BrokenModel => 'problem' in entry),
  };
}

async function readModel(
  entry: { readonly id: string; readonly version: string; readonly path: string },
  root: string,
  fetchUrl: Fetch,
  signal: AbortSignal,
): Promise<CatalogueModel | BrokenModel> {
  try {
    const url = new URL(entry.path, root).href;
    const manifest = parseManifest(await fetchJson(url, fetchUrl, signal));
    if (manifest.id !== entry.id || manifest.version !== entry.version) {
      throw new OverreadError('catalogue.invalid', {
        why: `the list says ${entry.id} ${entry.version}, its manifest ${manifest.id} ${manifest.version}`,
        details: { url },
      });
    }
    return { manifest, url };
  } catch (error) {
    if (signal.aborted) throw error;
    return { id: entry.id, problem: problemOf(error) };
  }
}

async function fetchJson(url: string, fetchUrl: Fetch, signal: AbortSignal): Promise<unknown> {
  let response: Response;
  try {
    response = await fetchUrl(url, { signal });
  } catch (error) {
    if (signal.aborted) throw asOverreadError(error, 'run.cancelled');
    throw new OverreadError('catalogue.unreachable', {
      why: 'the address does not answer',
      details: { url },
      cause: error,
    });
  }
  if (!response.ok) {
    throw new OverreadError('catalogue.unreachable', {
      why: `the address answers ${response.status}`,
      details: { url, status: response.status },
    });
  }
  try {
    return await response.json();
  } catch (error) {
    throw new OverreadError('catalogue.invalid', { why: 'the answer is no JSON', details: { url }, cause: error });
  }
}
