/** How far from its ends the frame of a multipart answer of one part may reach, bytes. */
const reach = 4096;

/** The boundary that a Content-Type names (RFC 2046 section 5.1.1); null where the answer is no multipart one. */
export function multipartBoundary(contentType: string): string | null {
  if (!/^multipart\//i.test(contentType.trim())) return null;
  const found = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType);
  return found?.[1] ?? found?.[2] ?? null;
}

/** Where the content of the first part begins: after its boundary and its header; null where there is none. */
export function partStart(body: Uint8Array, boundary: string): number | null {
  const text = latin1(body.subarray(0, reach));
  const line = text.indexOf(`--${boundary}`);
  const header = line < 0 ? -1 : text.indexOf('\r\n\r\n', line);
  return header < 0 ? null : header + 4;
}

/** Where the content of the last part ends: before the closing boundary; null where the answer was cut. */
export function multipartEnd(body: Uint8Array, boundary: string): number | null {
  const from = Math.max(0, body.length - reach);
  const at = latin1(body.subarray(from)).lastIndexOf(`\r\n--${boundary}--`);
  return at < 0 ? null : from + at;
}

/** One character per byte. */
function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
