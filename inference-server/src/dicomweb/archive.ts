import type { Attributes } from '@overread/core/dicom';
import { OverreadError, reasonOf } from '@overread/core/errors';
import { fromDicomJson, isObject } from './dicom-json.ts';
import { parameterOf, parseMultipart } from './multipart.ts';

/** Where the images are, and what to say to be let in. Travels to the process that computes; never into a log. */
export interface ArchiveAddress {
  /** WADO-RS root, without a slash at the end. */
  readonly root: string;
  /** Headers of every request, e.g. Authorization. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface SeriesUIDs {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
}

/** One frame as the archive sent it. */
export interface EncodedFrame {
  readonly bytes: Uint8Array;
  /** UID; null where the archive did not say. */
  readonly transferSyntax: string | null;
}

/** An answer beyond this is no image of a series that can be analysed. */
const answerLimit = 1024 * 1024 * 1024;
const patience = 120_000;
const attempts = 3;

interface Answer {
  readonly content: Buffer;
  readonly contentType: string;
}

/** Reads from an archive by WADO-RS (PS3.18 section 10.4), and finds by QIDO-RS. */
export class Archive {
  readonly #address: ArchiveAddress;

  constructor(address: ArchiveAddress) {
    this.#address = address;
  }

  /** Metadata of every instance of a series, by keyword. */
  async metadata(series: SeriesUIDs): Promise<readonly Attributes[]> {
    const instances = await this.#datasets(`${pathOf(series)}/metadata`, 'the metadata');
    if (instances.length === 0) throw new OverreadError('pacs.series-not-found');
    return instances;
  }

  /** The series of a study as the archive lists them (QIDO-RS, PS3.18 section 10.6): at least their SeriesInstanceUID and Modality. */
  async series(studyInstanceUID: string): Promise<readonly Attributes[]> {
    return this.#datasets(`/studies/${studyInstanceUID}/series`, 'the list of series');
  }

  /**
   * Frames of one instance, as stored: whatever the archive keeps is decoded here, not there.
   *
   * @param frames 1-based frame numbers; the answer is in their order
   */
  async frames(
    series: SeriesUIDs,
    sopInstanceUID: string,
    frames: readonly number[],
  ): Promise<readonly EncodedFrame[]> {
    const path = `${pathOf(series)}/instances/${sopInstanceUID}/frames/${frames.join(',')}`;
    const { content, contentType } = await this.#get(
      path,
      'multipart/related; type="application/octet-stream"; transfer-syntax=*',
    );
    const parts = parseMultipart(contentType, content);
    if (parts?.length !== frames.length) {
      throw new OverreadError('pacs.bad-answer', {
        why: `${frames.length} frames were asked for and ${parts?.length ?? 'none in multipart form'} came`,
        details: { sopInstanceUID },
      });
    }
    return parts.map((part) => ({
      bytes: part.body,
      transferSyntax: parameterOf(part.contentType, 'transfer-syntax') ?? syntaxOfMediaType(part.contentType),
    }));
  }

  async #datasets(path: string, what: string): Promise<readonly Attributes[]> {
    const { content } = await this.#get(path, 'application/dicom+json');
    // An archive that finds nothing may answer 204 without a body.
    if (content.length === 0) return [];
    let json: unknown;
    try {
      json = JSON.parse(content.toString('utf8'));
    } catch (cause) {
      throw new OverreadError('pacs.bad-answer', { why: `${what}: no JSON`, cause });
    }
    if (!Array.isArray(json)) throw new OverreadError('pacs.bad-answer', { why: `${what}: no list` });
    return json.filter(isObject).map((dataset) => fromDicomJson(dataset));
  }

  /** Archives close idle connections whenever they like, also under a request that is on its way: reading is safe to repeat. */
  async #get(path: string, accept: string): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#getOnce(path, accept);
      } catch (error) {
        if (attempt === attempts || !isBrokenConnection(error)) throw error;
      }
    }
  }

  async #getOnce(path: string, accept: string): Promise<Answer> {
    const response = await fetch(`${this.#address.root}${path}`, {
      headers: { ...this.#address.headers, accept },
      signal: AbortSignal.timeout(patience),
    }).catch((cause: unknown) => {
      throw new OverreadError('pacs.unreachable', { why: faultOf(cause), cause });
    });
    try {
      if (!response.ok) throw refusal(response.status);
      const content = await readBounded(response);
      return { content, contentType: response.headers.get('content-type') ?? '' };
    } catch (error) {
      await response.body?.cancel().catch(() => undefined);
      if (error instanceof OverreadError) throw error;
      throw new OverreadError('pacs.unreachable', { why: `the connection broke: ${faultOf(error)}`, cause: error });
    }
  }
}

function pathOf({ studyInstanceUID, seriesInstanceUID }: SeriesUIDs): string {
  return `/studies/${studyInstanceUID}/series/${seriesInstanceUID}`;
}

async function readBounded(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > answerLimit) {
      throw new OverreadError('pacs.bad-answer', { why: `it sent more than ${answerLimit} bytes at once` });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function refusal(status: number): OverreadError {
  const code = status === 404 ? 'pacs.series-not-found' : 'pacs.refused';
  return new OverreadError(code, { why: `it answered ${status}`, details: { status } });
}

/** Media types that name their transfer syntax by themselves where the parameter is missing (PS3.18 table 8.7.3-5). */
function syntaxOfMediaType(contentType: string): string | null {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const defaults: Readonly<Record<string, string>> = {
    'image/jpeg': '1.2.840.10008.1.2.4.70',
    'image/jls': '1.2.840.10008.1.2.4.80',
    'image/jp2': '1.2.840.10008.1.2.4.90',
    'image/dicom-rle': '1.2.840.10008.1.2.5',
    'image/jphc': '1.2.840.10008.1.2.4.201',
  };
  return defaults[type] ?? null;
}

/** Whether an answer was cut off, or never came, on a connection that stood before. */
function isBrokenConnection(error: unknown): boolean {
  return error instanceof OverreadError && error.code === 'pacs.unreachable' && brokenBy.has(faultOf(error.cause));
}

const brokenBy: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** `fetch` hides what went wrong in its cause: `ECONNREFUSED`, a certificate, a time limit. */
function faultOf(thrown: unknown): string {
  const inner = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
  return inner instanceof Error && 'code' in inner && typeof inner.code === 'string' ? inner.code : reasonOf(inner);
}
