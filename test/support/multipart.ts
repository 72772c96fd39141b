import { randomUUID } from 'node:crypto';

export interface ReceivedPart {
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

/** The parts of a multipart answer, read by the boundary that its Content-Type names. */
export async function readMultipart(response: Response): Promise<ReceivedPart[]> {
  const boundary = /boundary="?([^";]+)/.exec(response.headers.get('content-type') ?? '')?.[1];
  if (boundary === undefined) throw new Error(`no multipart answer: ${response.status} ${await response.text()}`);
  const body = Buffer.from(await response.arrayBuffer());
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: ReceivedPart[] = [];
  let at = body.indexOf(delimiter) + delimiter.length;
  while (body.toString('latin1', at, at + 2) === '\r\n') {
    const headerEnd = body.indexOf('\r\n\r\n', at);
    const end = body.indexOf(Buffer.concat([Buffer.from('\r\n'), delimiter]), headerEnd);
    if (headerEnd < 0 || end < 0) throw new Error('the multipart answer ends early');
    parts.push({
      headers: readHeaders(body.toString('latin1', at, headerEnd)),
      bytes: body.subarray(headerEnd + 4, end),
    });
    at = end + 2 + delimiter.length;
  }
  return parts;
}

function readHeaders(text: string): Record<string, string> {
  const lines = text.split('\r\n').filter((line) => line.includes(':'));
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()] as const;
    }),
  );
}

/** A STOW-RS body of Part 10 files (PS3.18 10.5.1). */
export function storeRequest(files: readonly Uint8Array[]): RequestInit {
  const boundary = randomUUID();
  const head = `\r\n--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`;
  const pieces = files.flatMap((bytes) => [Buffer.from(head), bytes]);
  return {
    method: 'POST',
    headers: {
      'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
      accept: 'application/dicom+json',
    },
    body: Buffer.concat([...pieces, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}
