import codec from '@cornerstonejs/dicom-codec';
import { integerOf, textOf, transferSyntaxes, type Attributes } from '@overread/core/dicom';
import { isOverreadError, reasonOf } from '@overread/core/errors';
import { ybrToRgb, type FramePixels } from '@overread/core/volume';
import { damaged, decodeFrame, isPlain, unsupported } from './decode-frame.ts';
import { withRoomAtTheEnd } from './jpeg-lossless.ts';
import { checkRleHeader } from './rle.ts';

const rle = '1.2.840.10008.1.2.5';
const jpegBaseline: readonly string[] = ['1.2.840.10008.1.2.4.50', '1.2.840.10008.1.2.4.51'];
const jpegLossless: readonly string[] = ['1.2.840.10008.1.2.4.57', '1.2.840.10008.1.2.4.70'];

/**
 * One frame in colour: samples as stored, or red, green and blue where the decoder makes them.
 *
 * @param transferSyntax UID; null is taken as uncompressed little endian
 * @throws OverreadError `image.transfer-syntax`, `image.damaged`
 */
export async function decodeColour(
  bytes: Uint8Array,
  transferSyntax: string | null,
  instance: Attributes,
): Promise<Pick<FramePixels, 'values' | 'scale'>> {
  const size = { rows: integerOf(instance, 'Rows') ?? 0, columns: integerOf(instance, 'Columns') ?? 0 };
  if (textOf(instance, 'PhotometricInterpretation') === 'PALETTE COLOR') {
    const bitsAllocated = integerOf(instance, 'BitsAllocated') ?? 8;
    const format = {
      ...size,
      bitsAllocated,
      bitsStored: integerOf(instance, 'BitsStored') ?? bitsAllocated,
      signed: false,
    };
    return { values: await decodeFrame(bytes, transferSyntax, format), scale: 'stored' };
  }
  // Samples of 8 bits have no byte order.
  if (isPlain(transferSyntax) || transferSyntax === transferSyntaxes.explicitBigEndian) {
    return { values: new Uint8Array(bytes), scale: 'stored' };
  }
  return decodeCompressed(bytes, transferSyntax ?? '', { ...size, instance });
}

async function decodeCompressed(
  bytes: Uint8Array,
  transferSyntax: string,
  { rows, columns, instance }: { readonly rows: number; readonly columns: number; readonly instance: Attributes },
): Promise<Pick<FramePixels, 'values' | 'scale'>> {
  if (!codec.hasCodec(transferSyntax)) throw unsupported(transferSyntax);
  if (transferSyntax === rle) checkRleHeader(bytes, 3);
  const frame = jpegLossless.includes(transferSyntax) ? withRoomAtTheEnd(bytes) : new Uint8Array(bytes);
  const info = { rows, columns, bitsAllocated: 8, signed: false, samplesPerPixel: 3, pixelRepresentation: 0 };
  try {
    const { imageFrame, imageInfo } = await codec.decode(frame, info, transferSyntax);
    const values = new Uint8Array(imageFrame.buffer, imageFrame.byteOffset, imageFrame.byteLength);
    if (imageInfo.rows !== rows || imageInfo.columns !== columns || values.length < 3 * rows * columns) {
      throw damaged(
        `the picture inside has ${values.length} values, not three for each of ${columns} x ${rows} pixels`,
      );
    }
    return { values: inRgb(values.slice(0, 3 * rows * columns), transferSyntax, instance), scale: 'rgb' };
  } catch (error) {
    if (isOverreadError(error)) throw error;
    const why = reasonOf(error);
    throw /Decoder not found/.test(why) ? unsupported(transferSyntax) : damaged(why, error);
  }
}

/** Decoders of lossy JPEG and JPEG 2000 undo the colour transform of their codestream; luminance and differences in others are left. */
function inRgb(values: Uint8Array, transferSyntax: string, instance: Attributes): Uint8Array {
  const isTransformed = (textOf(instance, 'PhotometricInterpretation') ?? '').startsWith('YBR_FULL');
  if (isTransformed && !jpegBaseline.includes(transferSyntax)) ybrToRgb(values);
  return values;
}
