/**
 * A copy of attributes as a viewer holds them that can go to a worker: plain values, without the functions and proxies
 * that the viewer's libraries put in, and without bulk data, which is not wanted there. Lookup tables and the like stay.
 */
export function plainAttributes(attributes: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return copyObject(attributes, 0);
}

/** Sequences in sequences end somewhere; an object that contains itself must not hang the page. */
const deepest = 16;

/** A lookup table takes 128 KiB at most; what is larger is pixels. */
const largest = 2 ** 17;

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function copyObject(value: object, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    const plain = copyValue(entry, depth + 1);
    if (plain !== undefined) copy[key] = plain;
  }
  return copy;
}

function copyValue(value: unknown, depth: number): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  if (typeof value !== 'object' || depth > deepest) return undefined;
  // Text that carries accessors of a library, e.g. a person name.
  if (value instanceof String || value instanceof Number) return value.valueOf();
  if (value instanceof ArrayBuffer) return value.byteLength <= largest ? value.slice() : undefined;
  // A copy of what the view shows: the buffer below may be the whole file.
  if (ArrayBuffer.isView(value)) return value.byteLength <= largest ? bytesOf(value).slice() : undefined;
  if (Array.isArray(value)) {
    return value.map((entry: unknown) => copyValue(entry, depth + 1)).filter((entry) => entry !== undefined);
  }
  return copyObject(value, depth);
}
