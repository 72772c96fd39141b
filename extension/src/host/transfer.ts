import { OverreadError } from '@overread/core/errors';
import { breather } from '../breathe.ts';
import { multipartBoundary, multipartEnd, partStart } from './multipart.ts';
import type { WadoClient } from './viewer.ts';

/**
 * Large objects past the viewer's own DICOMweb client, at its addresses and with its headers: the client copies a body whole
 * and searches an answer byte by byte on the page's own thread, which stands still meanwhile (0.3 s for 18 MB).
 */
export interface Transfer {
  /** STOW-RS (PS3.18 section 10.5). @throws what the viewer's client throws: an error with the `status`, where there is one. */
  post(part10: Uint8Array): Promise<void>;
  /** WADO-RS (PS3.18 section 10.4): the Part 10 file of an instance. */
  get(reference: InstanceReference): Promise<Uint8Array>;
}

interface InstanceReference {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
}

/** Bytes that are handled at a time: a few ms. */
const step = 4 << 20;

/** Null where the client is of another kind, or where the site has put something between it and the archive. */
export function transferBeside(client: WadoClient): Transfer | null {
  const { wadoURL, stowURL, requestHooks = [] } = client;
  if (typeof wadoURL !== 'string' || typeof stowURL !== 'string' || requestHooks.length > 0) return null;
  const ask = async (url: string, headers: Record<string, string>, body?: Blob): Promise<Response> => {
    const init = body === undefined ? {} : { method: 'POST', body };
    const response = await fetch(url, { ...init, headers: { ...headers, ...client.headers } });
    if (response.ok) return response;
    const error = Object.assign(new Error('request failed'), { status: response.status, response });
    client.errorInterceptor?.(error);
    throw error;
  };
  return {
    async post(part10) {
      const boundary = crypto.getRandomValues(new Uint32Array(4)).join('-');
      const head = `--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`;
      const parts = [head, ...(await inPieces(part10)), `\r\n--${boundary}--`];
      const type = `multipart/related; type="application/dicom"; boundary="${boundary}"`;
      const headers = { 'Content-Type': type, Accept: 'application/dicom+json' };
      await ask(`${stowURL}/studies`, headers, new Blob(parts));
    },
    async get({ studyInstanceUID, seriesInstanceUID, sopInstanceUID }) {
      const path = `studies/${studyInstanceUID}/series/${seriesInstanceUID}/instances/${sopInstanceUID}`;
      const response = await ask(`${wadoURL}/${path}`, { Accept: 'multipart/related; type="application/dicom"' });
      const boundary = multipartBoundary(response.headers.get('content-type') ?? '');
      const body = await bytesOf(response);
      return boundary === null ? body : onlyPart(body, boundary);
    },
  };
}

/** A Blob takes its bytes over in one go: many small ones let the viewer have its turn in between. */
async function inPieces(bytes: Uint8Array): Promise<readonly Blob[]> {
  const breathe = breather();
  const pieces: Blob[] = [];
  for (let start = 0; start < bytes.length; start += step) {
    await breathe();
    pieces.push(new Blob([new Uint8Array(bytes.subarray(start, start + step))]));
  }
  return pieces;
}

/** The body as it comes in. */
async function bytesOf(response: Response): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array(0);
  const chunks: Uint8Array[] = [];
  const reader = response.body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) chunks.push(read.value);
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  const breathe = breather();
  let at = 0;
  for (const chunk of chunks) {
    await breathe();
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function onlyPart(body: Uint8Array, boundary: string): Uint8Array {
  const start = partStart(body, boundary);
  const end = multipartEnd(body, boundary);
  if (start !== null && end !== null && start <= end) return body.subarray(start, end);
  throw new OverreadError('pacs.bad-answer', { why: 'an instance came back without its beginning or its end' });
}
