import { describe, expect, it } from 'vitest';
import { checkRleHeader } from '../../../inference-server/src/pixels/rle.ts';
import { decodeFrame } from '../../../inference-server/src/pixels/decode-frame.ts';
import { storedValues } from '../../../inference-server/src/pixels/stored-values.ts';

const format = { rows: 1, columns: 3, bitsAllocated: 16, bitsStored: 12, signed: false };
const octets = (...values: number[]) => new Uint8Array(Uint16Array.from(values).buffer);

describe('stored values', () => {
  it('lose what stands above their highest bit', () => {
    expect([...storedValues(octets(0xf001, 0x0fff, 0x1000), format)]).toEqual([1, 4095, 0]);
  });

  it('carry the sign up from the highest stored bit', () => {
    expect([...storedValues(octets(0x0fff, 0x0800, 0x07ff), { ...format, signed: true })]).toEqual([-1, -2048, 2047]);
  });

  it('may be of fewer bytes than the header says, as decoders hand them out', () => {
    expect([...storedValues(new Uint8Array([1, 2, 255]), { ...format, bitsStored: 8 })]).toEqual([1, 2, 255]);
  });

  it('are read from a Node Buffer that is a view of its pool', () => {
    const pooled = Buffer.from('xx\x01\x00\x02\x00\x03\x00', 'latin1').subarray(2);
    expect([...storedValues(pooled, format)]).toEqual([1, 2, 3]);
  });

  it('ignore the byte that makes an odd frame even', () => {
    const narrow = { ...format, bitsAllocated: 8, bitsStored: 8 };
    expect([...storedValues(new Uint8Array([7, 8, 9, 0]), narrow)]).toEqual([7, 8, 9]);
  });

  it('do not change the bytes they come from', () => {
    const bytes = octets(0xf001, 0, 0);
    storedValues(bytes, format);
    expect([...bytes.subarray(0, 2)]).toEqual([0x01, 0xf0]);
  });

  it.each([0, 5, 7, 12])('are refused when %i bytes came for three pixels', (length) => {
    expect(() => storedValues(new Uint8Array(length), format)).toThrow(
      expect.objectContaining({ code: 'image.damaged' }),
    );
  });
});

describe('an uncompressed frame', () => {
  it('is read in either byte order', async () => {
    const little = await decodeFrame(octets(1, 2, 0x123), '1.2.840.10008.1.2.1', format);
    const big = await decodeFrame(new Uint8Array([0, 1, 0, 2, 1, 0x23]), '1.2.840.10008.1.2.2', format);
    expect([...little]).toEqual([1, 2, 0x123]);
    expect([...big]).toEqual([1, 2, 0x123]);
  });

  it('is little endian where the archive does not say', async () => {
    expect([...(await decodeFrame(octets(1, 2, 3), null, format))]).toEqual([1, 2, 3]);
  });

  it('is refused by name of a transfer syntax that nobody knows', async () => {
    await expect(decodeFrame(octets(1, 2, 3), '1.2.3', format)).rejects.toMatchObject({
      code: 'image.transfer-syntax',
      details: { transferSyntax: '1.2.3' },
    });
  });
});

describe('the header of an RLE frame', () => {
  const header = (...words: number[]) => {
    const frame = new Uint8Array(80);
    words.forEach((word, at) => new DataView(frame.buffer).setUint32(at * 4, word, true));
    return frame;
  };
  it('is taken when its segments lie in the frame, in order', () => {
    expect(() => checkRleHeader(header(2, 64, 70), 2)).not.toThrow();
  });
  it.each([
    ['too short', new Uint8Array(10)],
    ['of another number of segments', header(3, 64, 66, 68)],
    ['with a segment inside the header', header(2, 32, 70)],
    ['with a segment past the end', header(2, 64, 4_000_000_000)],
    ['with segments out of order', header(2, 70, 64)],
  ])('is refused when it is %s', (_name, frame) => {
    expect(() => checkRleHeader(frame, 2)).toThrow(expect.objectContaining({ code: 'image.damaged' }));
  });
});
