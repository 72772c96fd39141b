import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { isOverreadError } from '@overread/core/errors';
import { framesOf } from '../../../../demo/archive/part10/frames.ts';
import { MoreBytesNeeded, readPart10 } from '../../../../demo/archive/part10/read.ts';
import { webImage } from '../../../support/web-studies.ts';

const read = (bytes: Uint8Array) =>
  readPart10(bytes, { complete: true, fileSize: bytes.length, bulkUri: (path) => `bulk/${path}` });

const u16 = (value: number) => Buffer.from(Uint16Array.of(value).buffer);
const u32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer);
const even = (text: string) => Buffer.from(text.length % 2 ? `${text}\0` : text, 'latin1');
const isLong = (vr: string) => ['OB', 'OW', 'SQ', 'UN', 'UT'].includes(vr);

/** One element in Explicit VR Little Endian; `length` overrides what the header claims. */
function element(tag: number, vr: string, value: Buffer, length = value.length): Buffer {
  const head = [u16(tag >>> 16), u16(tag & 0xffff), Buffer.from(vr)];
  return Buffer.concat([...head, ...(isLong(vr) ? [u16(0), u32(length)] : [u16(length)]), value]);
}

const item = (value: Buffer, length = value.length) => Buffer.concat([u16(0xfffe), u16(0xe000), u32(length), value]);
const end = (tag: number) => Buffer.concat([u16(0xfffe), u16(tag), u32(0)]);

function file(transferSyntax: string, dataset: Buffer): Buffer {
  const meta = element(0x00020010, 'UI', even(transferSyntax));
  const length = element(0x00020000, 'UL', u32(meta.length));
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), length, meta, dataset]);
}

const explicit = '1.2.840.10008.1.2.1';
const jpegLs = '1.2.840.10008.1.2.4.80';

describe('reading a Part 10 file as DICOM JSON', () => {
  it('gives values by their representation', () => {
    const dataset = Buffer.concat([
      element(0x00080005, 'CS', even('ISO_IR 192')),
      element(0x00080008, 'CS', even('ORIGINAL\\\\AXIAL')),
      element(0x00080020, 'DA', Buffer.alloc(0)),
      element(0x00100010, 'PN', Buffer.from('PHANTOM^Ü=試験 ')),
      element(0x00180050, 'DS', even('2.50 ')),
      element(0x00200013, 'IS', even('7')),
      element(0x00280009, 'AT', Buffer.concat([u16(0x0018), u16(0x1063)])),
      element(0x00280010, 'US', u16(512)),
      element(0x00400000, 'UL', u32(4)),
      element(0x00421011, 'OB', Buffer.from([1, 2])),
    ]);
    expect(read(file(explicit, dataset)).dataset).toEqual({
      '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
      '00080008': { vr: 'CS', Value: ['ORIGINAL', null, 'AXIAL'] },
      '00080020': { vr: 'DA' },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'PHANTOM^Ü', Ideographic: '試験' }] },
      '00180050': { vr: 'DS', Value: [2.5] },
      '00200013': { vr: 'IS', Value: [7] },
      '00280009': { vr: 'AT', Value: ['00181063'] },
      '00280010': { vr: 'US', Value: [512] },
      '00421011': { vr: 'OB', InlineBinary: 'AQI=' },
    });
  });

  it('reads sequences of known and of unknown length, and names bulk data inside them by its path', () => {
    const long = element(0x00421011, 'OB', Buffer.alloc(2000, 7));
    const known = element(0x00081140, 'SQ', Buffer.concat([item(element(0x00081155, 'UI', even('1.2'))), item(long)]));
    const open = element(
      0x00089215,
      'SQ',
      Buffer.concat([
        item(Buffer.concat([element(0x00080100, 'SH', even('A')), end(0xe00d)]), 0xffffffff),
        end(0xe0dd),
      ]),
      0xffffffff,
    );
    const { dataset, bulk, bytes } = read(file(explicit, Buffer.concat([known, open])));
    expect(dataset['00081140']!.Value).toEqual([
      { '00081155': { vr: 'UI', Value: ['1.2'] } },
      { '00421011': { vr: 'OB', BulkDataURI: 'bulk/00081140/1/00421011' } },
    ]);
    expect(dataset['00089215']!.Value).toEqual([{ '00080100': { vr: 'SH', Value: ['A'] } }]);
    const { offset, length } = bulk.get('00081140/1/00421011')!;
    expect(new Uint8Array(bytes.subarray(offset, offset + length!))).toEqual(new Uint8Array(2000).fill(7));
  });

  it('reads implicit VR by the dictionary, and a deflated dataset', () => {
    const implicit = Buffer.concat([u16(0x0028), u16(0x0010), u32(2), u16(6)]);
    expect(read(file('1.2.840.10008.1.2', implicit)).dataset['00280010']).toEqual({ vr: 'US', Value: [6] });
    const deflated = deflateRawSync(element(0x00280010, 'US', u16(6)));
    expect(read(file('1.2.840.10008.1.2.1.99', deflated)).dataset['00280010']).toEqual({ vr: 'US', Value: [6] });
  });

  it('asks for more where only the beginning is there', () => {
    const whole = file(explicit, element(0x00280010, 'US', u16(6)));
    const options = { complete: false, fileSize: whole.length, bulkUri: () => '' };
    expect(() => readPart10(whole.subarray(0, whole.length - 1), options)).toThrow(MoreBytesNeeded);
  });

  it.each([
    ['text', Buffer.from('this is no DICOM file')],
    ['an element longer than the file', file(explicit, element(0x00100010, 'PN', even('A'), 500))],
    ['a sequence longer than the file', file(explicit, element(0x00081140, 'SQ', Buffer.alloc(0), 500))],
    ['no item in a sequence', file(explicit, element(0x00081140, 'SQ', element(0x00100010, 'PN', even('AAAAAAAAAA'))))],
    ['pixel data that end early', file(explicit, element(0x7fe00010, 'OW', Buffer.alloc(4), 400))],
    ['a damaged deflated dataset', file('1.2.840.10008.1.2.1.99', Buffer.from([255, 255, 255]))],
  ])('refuses %s', (_, bytes) => {
    expect(() => read(bytes)).toThrow(expect.objectContaining({ code: 'dicom.damaged' }) as Error);
  });

  it('refuses sequences nested without end', () => {
    let inner: Buffer = Buffer.alloc(0);
    for (let depth = 0; depth < 100; depth += 1) inner = element(0x00081140, 'SQ', item(inner));
    expect(() => read(file(explicit, inner))).toThrow(/nested deeper/);
  });

  it('gives an answer or a refusal for any damage to a file', () => {
    const whole = Buffer.from(webImage({ place: [9, 1, 1], attributes: {} }).bytes);
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 133), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(damage, fc.nat(whole.length), (changes, cut) => {
        const bytes = Buffer.from(whole.subarray(0, cut));
        for (const [at, value] of changes) if (132 + at < bytes.length) bytes[132 + at] = value;
        try {
          read(bytes);
        } catch (error) {
          expect(isOverreadError(error), String(error)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('frames', () => {
  const pixels = (fragments: Buffer[], offsets: number[], frames: number) => {
    const table = item(Buffer.concat(offsets.map(u32)));
    const body = Buffer.concat([table, ...fragments.map((bytes) => item(bytes)), end(0xe0dd)]);
    const dataset = [element(0x00280008, 'IS', even(String(frames))), element(0x7fe00010, 'OB', body, 0xffffffff)];
    const part10 = read(file(jpegLs, Buffer.concat(dataset)));
    return framesOf(part10, part10.bytes)!;
  };
  const [a, b, c] = [Buffer.from('aaaa'), Buffer.from('bb'), Buffer.from('cccccc')];

  it('of one fragment each need no offset table', () => {
    expect(Buffer.from(pixels([a, b, c], [], 3).frame(2)).toString()).toBe('bb');
  });

  it('of several fragments follow the offset table', () => {
    const frames = pixels([a, b, c], [0, 22], 2);
    expect([1, 2].map((number) => Buffer.from(frames.frame(number)).toString())).toEqual(['aaaabb', 'cccccc']);
  });

  it('of one image take all its fragments', () => {
    expect(Buffer.from(pixels([a, b, c], [], 1).frame(1)).toString()).toBe('aaaabbcccccc');
  });

  it('that cannot be told apart are refused', () => {
    expect(() => pixels([a, b, c], [], 2)).toThrow(/cannot be told apart/);
  });

  it('of single bits begin inside a byte', () => {
    const header = [
      element(0x00280002, 'US', u16(1)),
      element(0x00280008, 'IS', even('2')),
      element(0x00280010, 'US', u16(1)),
      element(0x00280011, 'US', u16(5)),
      element(0x00280100, 'US', u16(1)),
    ];
    const dataset = Buffer.concat([...header, element(0x7fe00010, 'OB', Buffer.from([0b01110110, 0b01]))]);
    const part10 = read(file(explicit, dataset));
    const frames = framesOf(part10, part10.bytes)!;
    expect([...frames.frame(1), ...frames.frame(2)].map((byte) => byte & 0b11111)).toEqual([0b10110, 0b01011]);
  });

  it('more than the pixel data hold are refused', () => {
    const { bytes } = webImage({ place: [9, 1, 1], attributes: { NumberOfFrames: '2' } });
    const part10 = read(bytes);
    expect(() => framesOf(part10, part10.bytes)).toThrow(/do not fit/);
  });
});
