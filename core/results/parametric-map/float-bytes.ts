/** OF and OD are little-endian whatever the machine is (PS3.5 section 7.3). */
const littleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Floats as the value of an OF element, bit for bit (NaN payloads and the sign of zero included). */
export function floatBytes(values: Float32Array): Uint8Array {
  if (littleEndian) return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const bytes = new Uint8Array(values.byteLength);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => view.setFloat32(index * 4, value, true));
  return bytes;
}

/** The floats of an OF (4 bytes) or OD (8 bytes) element; a copy, since elements need not be aligned. */
export function floatsOf(bytes: Uint8Array, width: 4 | 8): Float32Array | Float64Array {
  if (littleEndian) {
    const copy = bytes.slice().buffer;
    return width === 4 ? new Float32Array(copy) : new Float64Array(copy);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (width === 4) return Float32Array.from({ length: bytes.length / 4 }, (_, at) => view.getFloat32(at * 4, true));
  return Float64Array.from({ length: bytes.length / 8 }, (_, at) => view.getFloat64(at * 8, true));
}
