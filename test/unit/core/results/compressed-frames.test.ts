import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { transferSyntaxes } from '@overread/core/dicom';
import { framePixels, type FramePixels, type PixelForm } from '../../../../core/results/seg/pixels.ts';
import { decodeRleFrame } from '../../../../core/results/seg/rle.ts';

/** RLE Lossless by the simplest rule: runs of two and more, everything else literal (PS3.5 annex G). */
function packRuns(plane: readonly number[]): number[] {
  const packed: number[] = [];
  for (let at = 0; at < plane.length;) {
    const value = plane[at] ?? 0;
    let end = at;
    while (end < plane.length && end - at < 128 && plane[end] === value) end++;
    packed.push(...(end - at === 1 ? [0, value] : [257 - (end - at), value]));
    at = end;
  }
  return packed.length % 2 === 0 ? packed : [...packed, 128];
}

function rleFrame(planes: readonly (readonly number[])[]): Uint8Array {
  const packed = planes.map(packRuns);
  const header = new DataView(new ArrayBuffer(64));
  header.setUint32(0, planes.length, true);
  let at = 64;
  packed.forEach((plane, index) => {
    header.setUint32(4 + 4 * index, at, true);
    at += plane.length;
  });
  return Uint8Array.from([...new Uint8Array(header.buffer), ...packed.flat()]);
}

const plane = (length: number) => fc.array(fc.constantFrom(0, 0, 0, 7, 255), { minLength: length, maxLength: length });

function open(value: unknown, form: Partial<PixelForm>): FramePixels {
  const pixels = framePixels(value, {
    transferSyntaxUID: transferSyntaxes.rleLossless,
    frames: 1,
    size: 60,
    bitsAllocated: 8,
    ...form,
  });
  if (typeof pixels === 'string') throw new Error(pixels);
  return pixels;
}

describe('a frame in RLE Lossless', () => {
  it('comes back as it was packed, one byte or two bytes per pixel', () => {
    fc.assert(
      fc.property(plane(60), plane(60), (high, low) => {
        expect([...(decodeRleFrame(rleFrame([low]), 60, 1) ?? [])]).toEqual(low);
        const samples = open([new Uint8Array(0), rleFrame([high, low])], { bitsAllocated: 16 }).samples(0);
        expect(Array.from<unknown>(samples)).toEqual(low.map((value, index) => ((high[index] ?? 0) << 8) | value));
      }),
    );
  });

  it('of bits is packed by frame', () => {
    const packed = Array.from({ length: 8 }, (_, index) => 17 * index);
    const bits = open([new Uint8Array(0), rleFrame([packed])], { bitsAllocated: 1 }).bits(0);
    if (typeof bits === 'string') throw new Error(bits);
    expect([...bits.view.bytes]).toEqual(packed);
  });

  it('is refused where it ends early, names planes that are not there, or claims more than runs can give', () => {
    const good = rleFrame([Array.from({ length: 60 }, (_, index) => index)]);
    expect(decodeRleFrame(good, 60, 1)).not.toBeNull();
    expect(decodeRleFrame(good.subarray(0, good.length - 4), 60, 1)).toBeNull();
    expect(decodeRleFrame(good, 60, 2)).toBeNull();
    expect(decodeRleFrame(good, 2 ** 30, 1)).toBeNull();
    expect(decodeRleFrame(new Uint8Array(10), 60, 1)).toBeNull();
  });

  it('gives a frame or nothing, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(1, 2), (bytes, width) => {
        const frame = decodeRleFrame(bytes, 60, width);
        if (frame !== null) expect(frame).toHaveLength(60 * width);
      }),
    );
  });
});

describe('a deflated frame', () => {
  const form = { transferSyntaxUID: transferSyntaxes.deflatedImageFrame };
  const pixels = Uint8Array.from({ length: 60 }, (_, index) => index);

  it('comes back as it was', () => {
    const fragments = [new Uint8Array(0), new Uint8Array(deflateRawSync(pixels))];
    expect(open(fragments, form).samples(0)).toEqual(pixels);
  });

  it.each([
    ['is no deflate', new Uint8Array(40).fill(255)],
    ['is too short', new Uint8Array(deflateRawSync(pixels.subarray(0, 50)))],
    ['is far too long', new Uint8Array(deflateRawSync(new Uint8Array(2 ** 24)))],
  ])('is refused where it %s', (_, fragment) => {
    expect(open([new Uint8Array(0), fragment], form).samples(0)).toContain('damaged');
  });
});

describe('compressed pixels are not read', () => {
  const form = { transferSyntaxUID: transferSyntaxes.rleLossless, frames: 1, size: 60, bitsAllocated: 8 } as const;
  it.each([
    ['where frames are missing', [new Uint8Array(0)], {}, 'missing'],
    [
      'where they are in another compression',
      [new Uint8Array(0), new Uint8Array(2)],
      { transferSyntaxUID: '1.2.840.10008.1.2.4.90' },
      '4.90',
    ],
    ['where they are no fragments', 7, {}, 'missing'],
    ['where they inflate to more than is sensible', [new Uint8Array(0)], { frames: 900_000, size: 2 ** 24 }, 'inflate'],
  ])('%s', (_, value, parts, reason) => {
    expect(framePixels(value, { ...form, ...parts })).toContain(reason);
  });
});
