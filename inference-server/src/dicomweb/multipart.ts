/** One part of a multipart/related body (RFC 2387). */
export interface Part {
  /** Content-Type as sent, e.g. `application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1`. */
  readonly contentType: string;
  readonly body: Uint8Array;
}

const lineEnd = Buffer.from('\r\n');
const headerEnd = Buffer.from('\r\n\r\n');

/**
 * Splits a multipart body. The bodies are views of `content`.
 *
 * @param contentType of the whole answer; names the boundary
 * @returns null where the answer is no multipart body or ends before its last boundary
 */
export function parseMultipart(contentType: string, content: Uint8Array): readonly Part[] | null {
  const boundary = parameterOf(contentType, 'boundary');
  if (boundary === null || !/^multipart\//i.test(contentType)) return null;
  const body = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const delimiter = Buffer.from(`--${boundary}`);
  const next = Buffer.concat([lineEnd, delimiter]);
  const parts: Part[] = [];
  let at = startOf(body, delimiter, next);
  while (at >= 0) {
    if (body.toString('latin1', at, at + 2) === '--') return parts;
    const headers = body.indexOf(headerEnd, at);
    // A part may have no headers: its body then follows two line ends at once, which `headerEnd` at `at` is.
    const end = headers < 0 ? -1 : body.indexOf(next, headers + lineEnd.length);
    if (end < 0) return null;
    const start = Math.min(headers + headerEnd.length, end);
    parts.push({ contentType: contentTypeOf(body.toString('latin1', at, headers)), body: body.subarray(start, end) });
    at = end + next.length;
  }
  return null;
}

/** A parameter of a media type, without quotes; null where absent. */
export function parameterOf(mediaType: string, name: string): string | null {
  const match = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s]+))`, 'i').exec(mediaType);
  return match?.[1] ?? match?.[2] ?? null;
}

/** After the first delimiter, which a preamble may precede. */
function startOf(body: Buffer, delimiter: Buffer, next: Buffer): number {
  if (body.subarray(0, delimiter.length).equals(delimiter)) return delimiter.length;
  const found = body.indexOf(next);
  return found < 0 ? -1 : found + next.length;
}

function contentTypeOf(headers: string): string {
  return /^content-type:\s*(.*)$/im.exec(headers)?.[1]?.trim() ?? '';
}
