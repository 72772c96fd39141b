import { OverreadError } from '@overread/core/errors';

/** How the samples of a frame are stored (PS3.3 C.7.6.3). */
export interface PixelFormat {
  readonly rows: number;
  readonly columns: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly signed: boolean;
}

export type StoredValues = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array;

/**
 * Little-endian octets as stored values, one per pixel, row by row. Bits above the stored ones, where old images keep
 * overlays, are taken out, and the sign is carried up from the highest stored bit.
 *
 * @param bytes decoded samples of 1, 2 or 4 bytes each: a decoder may use fewer than the image's own format
 * @throws OverreadError `image.damaged` where there are not as many samples as pixels
 */
export function storedValues(bytes: Uint8Array, format: PixelFormat): StoredValues {
  const pixels = format.rows * format.columns;
  const size = bytesPerSample(bytes.byteLength, pixels, format);
  // Not `slice`: that of a Node Buffer is a view, and its memory a pool's.
  const own = new Uint8Array(pixels * size);
  own.set(bytes.subarray(0, own.length));
  const values = viewOf(own.buffer, size, format.signed);
  const unused = size * 8 - format.bitsStored;
  if (unused > 0) clearUnused(values, size * 8, format);
  return values;
}

function bytesPerSample(length: number, pixels: number, { bitsAllocated, rows, columns }: PixelFormat): number {
  const declared = bitsAllocated / 8;
  // One byte of padding makes a frame of odd length even.
  for (const size of [declared, 1, 2]) {
    if (length === pixels * size || length === pixels * size + ((pixels * size) % 2)) return size;
  }
  throw new OverreadError('image.damaged', {
    why: `${length} bytes came for ${rows} x ${columns} pixels of ${bitsAllocated} bits`,
    details: { bytes: length, rows, columns, bitsAllocated },
  });
}

function viewOf(buffer: ArrayBuffer, size: number, signed: boolean): StoredValues {
  if (size === 1) return signed ? new Int8Array(buffer) : new Uint8Array(buffer);
  if (size === 2) return signed ? new Int16Array(buffer) : new Uint16Array(buffer);
  return signed ? new Int32Array(buffer) : new Uint32Array(buffer);
}

function clearUnused(values: StoredValues, width: number, { bitsStored, signed }: PixelFormat): void {
  if (bitsStored >= 32 || bitsStored > width) return;
  if (signed) {
    const shift = 32 - bitsStored;
    for (let i = 0; i < values.length; i += 1) values[i] = (values[i]! << shift) >> shift;
  } else {
    const mask = 2 ** bitsStored - 1;
    for (let i = 0; i < values.length; i += 1) values[i] = values[i]! & mask;
  }
}
