import { defaultReadLimits, inflate, transferSyntaxes } from '../../dicom/index.ts';
import { isOverreadError } from '../../errors/index.ts';
import { bitView, type BitView } from './bit-runs.ts';
import { decodeRleFrame } from './rle.ts';

/** What the pixels of a SEG are, from its header. */
export interface PixelForm {
  readonly transferSyntaxUID: string;
  readonly frames: number;
  /** Pixels in a frame. */
  readonly size: number;
  readonly bitsAllocated: 1 | 8 | 16;
}

/** One frame of bits: pixel p is bit `first + p`. */
export interface BitFrame {
  readonly view: BitView;
  readonly first: number;
}

/** Frames by index, decoded when they are asked for. Errors are reasons for a person. */
export interface FramePixels {
  bits(frame: number): BitFrame | string;
  samples(frame: number): Uint8Array | Uint16Array | string;
}

/** @param value Pixel Data as read: bytes, or fragments behind the Basic Offset Table. A text says why it is none of use. */
export function framePixels(value: unknown, form: PixelForm): FramePixels | string {
  return value instanceof Uint8Array ? uncompressed(value, form) : compressed(value, form);
}

function uncompressed(pixelData: Uint8Array, { frames, size, bitsAllocated }: PixelForm): FramePixels | string {
  if (pixelData.length * 8 < frames * size * bitsAllocated) return 'frames are missing';
  const width = bitsAllocated >> 3;
  return {
    bits: (frame) => {
      const first = frame * size;
      const from = Math.floor(first / 8);
      return { view: bitView(pixelData.subarray(from, from + Math.ceil((size + 7) / 8) + 1)), first: first % 8 };
    },
    samples: (frame) => samplesOf(pixelData.subarray(frame * size * width, (frame + 1) * size * width), width),
  };
}

function compressed(value: unknown, form: PixelForm): FramePixels | string {
  const { transferSyntaxUID, frames, size, bitsAllocated } = form;
  const fragments = fragmentsOf(value);
  if (fragments === null) return 'its pixels are compressed or missing';
  const decode = decoders[transferSyntaxUID];
  if (decode === undefined) return `its pixels are compressed in ${transferSyntaxUID}`;
  const width = Math.max(bitsAllocated >> 3, 1);
  if ((frames * size * bitsAllocated) / 8 > mostInflated)
    return `its frames inflate to more than ${mostInflated} bytes`;
  if (fragments.length !== frames + 1) return 'its compressed frames are missing or cut into pieces';
  const frameBytes = (frame: number, length: number) => {
    const bytes = fragments[frame + 1];
    return bytes === undefined ? null : decode(bytes, length, width);
  };
  return {
    // Compressed frames of bits are packed one by one.
    bits: (frame) => {
      const packed = frameBytes(frame, Math.ceil(size / 8));
      return packed === null ? `frame ${frame + 1} is damaged` : { view: bitView(packed), first: 0 };
    },
    samples: (frame) => {
      const bytes = frameBytes(frame, size);
      return bytes === null ? `frame ${frame + 1} is damaged` : samplesOf(bytes, width);
    },
  };
}

/** All frames of a compressed SEG together, in bytes: a bound on the time that a small file can take. */
const mostInflated = 2 ** 31;

type FrameDecoder = (bytes: Uint8Array, size: number, width: number) => Uint8Array | null;

const decoders: Readonly<Record<string, FrameDecoder>> = {
  [transferSyntaxes.rleLossless]: decodeRleFrame,
  [transferSyntaxes.deflatedImageFrame]: (bytes, size, width) => {
    // No deflate grows by more than this, so that nothing is allocated for what cannot come.
    if (bytes.length * 1032 < size * width) return null;
    // A frame of odd length may be followed by a pad byte.
    const limit = Math.min(size * width + 1, defaultReadLimits.maxInflatedBytes);
    try {
      const frame = inflate(bytes, limit);
      return frame.length < size * width ? null : frame.subarray(0, size * width);
    } catch (error) {
      if (isOverreadError(error)) return null;
      throw error;
    }
  },
};

function fragmentsOf(value: unknown): readonly Uint8Array[] | null {
  if (!Array.isArray(value)) return null;
  const fragments = value.filter((one) => one instanceof Uint8Array);
  return fragments.length === value.length ? fragments : null;
}

function samplesOf(bytes: Uint8Array, width: number): Uint8Array | Uint16Array {
  if (width !== 2) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: bytes.length >> 1 }, (_, index) => view.getUint16(2 * index, true));
}
