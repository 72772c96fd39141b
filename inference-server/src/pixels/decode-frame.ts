import codec from '@cornerstonejs/dicom-codec';
import { transferSyntaxes } from '@overread/core/dicom';
import { isOverreadError, OverreadError, reasonOf } from '@overread/core/errors';
import { withRoomAtTheEnd } from './jpeg-lossless.ts';
import { checkRleHeader } from './rle.ts';
import { storedValues, type PixelFormat, type StoredValues } from './stored-values.ts';

const plain: readonly string[] = [
  transferSyntaxes.implicitLittleEndian,
  transferSyntaxes.explicitLittleEndian,
  transferSyntaxes.deflatedExplicitLittleEndian,
];
const jpegLossless: readonly string[] = ['1.2.840.10008.1.2.4.57', '1.2.840.10008.1.2.4.70'];
const rle = '1.2.840.10008.1.2.5';

/**
 * One monochrome frame as stored values, row by row. Uncompressed (either byte order), RLE, JPEG baseline and lossless,
 * JPEG-LS, JPEG 2000 and high-throughput JPEG 2000 are read.
 *
 * @param transferSyntax UID; null is taken as uncompressed little endian, the default of PS3.18 table 8.7.3-2
 * @throws OverreadError `image.transfer-syntax`, `image.damaged`
 */
export async function decodeFrame(
  bytes: Uint8Array,
  transferSyntax: string | null,
  format: PixelFormat,
): Promise<StoredValues> {
  if (transferSyntax === null || isPlain(transferSyntax)) return storedValues(bytes, format);
  if (transferSyntax === transferSyntaxes.explicitBigEndian) return storedValues(swapped(bytes, format), format);
  if (!codec.hasCodec(transferSyntax)) throw unsupported(transferSyntax);
  if (transferSyntax === rle) checkRleHeader(bytes, format.bitsAllocated / 8);

  // Each in a buffer of its own: decoders read past a view into the buffer behind it.
  const frame = jpegLossless.includes(transferSyntax) ? withRoomAtTheEnd(bytes) : new Uint8Array(bytes);
  const { rows, columns, bitsAllocated, signed } = format;
  const info = { rows, columns, bitsAllocated, signed, samplesPerPixel: 1, pixelRepresentation: signed ? 1 : 0 };
  try {
    const { imageFrame, imageInfo } = await codec.decode(frame, info, transferSyntax);
    if (imageInfo.rows !== rows || imageInfo.columns !== columns) {
      throw damaged(
        `the picture inside has ${imageInfo.rows} x ${imageInfo.columns} pixels, the image ${rows} x ${columns}`,
      );
    }
    const decoded = new Uint8Array(imageFrame.buffer, imageFrame.byteOffset, imageFrame.byteLength);
    return storedValues(decoded, format);
  } catch (error) {
    if (isOverreadError(error)) throw error;
    const why = reasonOf(error);
    throw /Decoder not found/.test(why) ? unsupported(transferSyntax) : damaged(why, error);
  }
}

/** 16- and 32-bit samples from big to little endian; a copy. */
function swapped(bytes: Uint8Array, { bitsAllocated }: PixelFormat): Uint8Array {
  const copy = Buffer.from(bytes);
  if (bitsAllocated === 16) return copy.subarray(0, copy.length - (copy.length % 2)).swap16();
  if (bitsAllocated === 32) return copy.subarray(0, copy.length - (copy.length % 4)).swap32();
  return copy;
}

/** Whether samples stand in the file as they are, little endian; null is taken as that, the default of PS3.18 table 8.7.3-2. */
export function isPlain(transferSyntax: string | null): boolean {
  return transferSyntax === null || plain.includes(transferSyntax);
}

export function unsupported(transferSyntax: string): OverreadError {
  return new OverreadError('image.transfer-syntax', {
    why: `transfer syntax ${transferSyntax}`,
    details: { transferSyntax },
  });
}

export function damaged(why: string, cause?: unknown): OverreadError {
  return new OverreadError('image.damaged', { why, cause });
}
