import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  defaultReadLimits,
  newUID,
  readPart10,
  sopClasses,
  tags,
  writePart10,
  type Dataset,
} from '@overread/core/dicom';
import { isOverreadError } from '@overread/core/errors';

const base: Dataset = { SOPClassUID: sopClasses.ct, SOPInstanceUID: '2.25.77', SpecificCharacterSet: 'ISO_IR 192' };

function codeOfFailure(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isOverreadError(error)) return error.code;
    throw error;
  }
  return 'no failure';
}

/** A Part 10 file around raw dataset bytes. */
function withBody(body: Iterable<number>, implicit = false): Uint8Array {
  const file = writePart10({ ...base, SpecificCharacterSet: 'ISO_IR 192' });
  const end = 132 + 12 + new DataView(file.buffer, file.byteOffset).getUint32(140, true);
  const head = file.slice(0, end);
  if (implicit) {
    // Same length: the last character of the UID becomes its padding.
    const text = Buffer.from(head).toString('latin1').replace('1.2.840.10008.1.2.1\0', '1.2.840.10008.1.2\0\0\0');
    return Uint8Array.from([...Buffer.from(text, 'latin1'), ...body]);
  }
  return Uint8Array.from([...head, ...body]);
}

/** A deflated file; its meta information is a little longer than that of others. */
function withDeflated(body: Uint8Array): Uint8Array {
  const meta = Buffer.from(withBody([])).toString('latin1');
  const named = meta.replace('\x14\x001.2.840.10008.1.2.1\0', '\x16\x001.2.840.10008.1.2.1.99');
  const head = Buffer.from(named, 'latin1');
  head.writeUInt32LE(head.readUInt32LE(140) + 2, 140);
  return new Uint8Array(Buffer.concat([head, body]));
}

const u16 = (value: number) => [value & 255, value >> 8];
const u32 = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];
const contentSequence = [...u16(0x0040), ...u16(0xa730)];
const item = [...u16(0xfffe), ...u16(0xe000)];
const letters = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));

describe('a DICOM file', () => {
  it('comes back as it was written', () => {
    const dataset: Dataset = {
      ...base,
      PatientName: '幻影^太郎',
      ImageType: ['DERIVED', 'PRIMARY'],
      PixelSpacing: [0.123456789012347, 1e-7],
      SeriesNumber: 12,
      RecommendedDisplayCIELabValue: [1, 2, 65535],
      DimensionIndexPointer: 0x0020_0032,
      FloatingPointValue: -0.1,
      GraphicData: [0.5, -2.25],
      TextValue: 'one\\two\r\nthree',
      ContentSequence: [{ ValueType: 'TEXT', ContentSequence: [{ UID: '1.2.3' }] }, {}],
      PixelData: new Uint8Array([1, 2, 3, 4]),
    };
    const { transferSyntaxUID, dataset: back } = readPart10(writePart10(dataset));
    expect(transferSyntaxUID).toBe('1.2.840.10008.1.2.1');
    expect(back).toEqual({ ...dataset, PixelSpacing: ['0.12345678901235', '1e-7'], SeriesNumber: '12' });
  });

  it('keeps every text in the character set that can say it, and refuses it in one that cannot', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        const value = text.replaceAll('\\', '').trim();
        fc.pre(Array.from(value).length <= 64);
        const back = readPart10(writePart10({ ...base, SeriesDescription: value })).dataset;
        expect(back['SeriesDescription'] ?? '').toBe(value);
      }),
    );
    const latin = { ...base, SpecificCharacterSet: 'ISO_IR 100' };
    expect(readPart10(writePart10({ ...latin, PatientName: 'ZOË' })).dataset['PatientName']).toBe('ZOË');
    expect(codeOfFailure(() => writePart10({ ...latin, PatientName: '太郎' }))).toBe('dicom.invalid-value');
  });

  it.each([
    ['LO over 64 characters', { SeriesDescription: 'x'.repeat(65) }],
    ['SH over 16 characters', { StudyID: 'x'.repeat(17) }],
    ['CS in lower case', { Modality: 'ct' }],
    ['a backslash inside a value', { SeriesDescription: 'a\\b' }],
    ['a UID with letters', { StudyInstanceUID: '1.2.x' }],
    ['a number that US cannot hold', { Rows: 70000 }],
    ['a fraction in IS', { SeriesNumber: 1.5 }],
    ['no number in DS', { PixelSpacing: [NaN, 1] }],
    ['a wrong date', { StudyDate: '2026-01-02' }],
  ] satisfies [string, Dataset][])('is not written with %s', (_, part) => {
    expect(codeOfFailure(() => writePart10({ ...base, ...part }))).toBe('dicom.invalid-value');
  });

  it('takes over what the source had, even where it breaks a length limit', () => {
    const long = 'x'.repeat(80);
    const bytes = writePart10({ ...base, StudyDescription: long }, { asFound: new Set(['StudyDescription']) });
    expect(readPart10(bytes).dataset['StudyDescription']).toBe(long);
  });

  it('is read in Implicit VR and with undefined lengths too', () => {
    const open = [...u32(0xffff_ffff)];
    const uid = [...u16(0x0040), ...u16(0xa124), ...u32(4), ...letters('1.2'), 0];
    const itemEnd = [...u16(0xfffe), ...u16(0xe00d), ...u32(0)];
    const end = [...u16(0xfffe), ...u16(0xe0dd), ...u32(0)];
    const body = [...contentSequence, ...open, ...item, ...open, ...uid, ...itemEnd, ...end];
    expect(readPart10(withBody(body, true)).dataset).toEqual({ ContentSequence: [{ UID: '1.2' }] });
  });
});

describe('a deflated file', () => {
  const text = [...u16(0x0040), ...u16(0xa160), ...letters('UT'), 0, 0, ...u32(6), ...letters('a text')];
  const body = deflateRawSync(Uint8Array.from(text));

  it('is read, with the padding behind it', () => {
    expect(readPart10(withDeflated(body)).dataset).toEqual({ TextValue: 'a text' });
    expect(readPart10(withDeflated(Buffer.concat([body, Buffer.alloc(1)]))).dataset).toEqual({ TextValue: 'a text' });
  });

  it('is refused where it is cut off or no deflate', () => {
    expect(codeOfFailure(() => readPart10(withDeflated(body.subarray(0, body.length - 2))))).toBe('dicom.damaged');
    expect(codeOfFailure(() => readPart10(withDeflated(new Uint8Array(64).fill(255))))).toBe('dicom.damaged');
    expect(codeOfFailure(() => readPart10(withDeflated(new Uint8Array(0))))).toBe('dicom.damaged');
  });

  it('is refused where it grows beyond the limit, before it is kept', () => {
    const bomb = withDeflated(deflateRawSync(Buffer.alloc(64 * 2 ** 20), { level: 9 }));
    expect(bomb.length).toBeLessThan(2 ** 17);
    const limits = { ...defaultReadLimits, maxInflatedBytes: 2 ** 20 };
    expect(codeOfFailure(() => readPart10(bomb, limits))).toBe('dicom.over-limit');
  });
});

describe('a bad DICOM file is refused', () => {
  const good = writePart10({ ...base, ContentSequence: [{ ContentSequence: [{ TextValue: 'text' }] }] });

  it('when it is no DICOM file', () => {
    expect(codeOfFailure(() => readPart10(new Uint8Array(10)))).toBe('dicom.damaged');
    expect(codeOfFailure(() => readPart10(new Uint8Array(500)))).toBe('dicom.damaged');
  });

  it('when it ends early, wherever that is', () => {
    for (let length = 132; length < good.length; length++) {
      const cut = good.slice(0, length);
      const outcome = codeOfFailure(() => readPart10(cut));
      // A cut between two elements of the top level leaves a shorter but whole file.
      expect(['dicom.damaged', 'no failure']).toContain(outcome);
    }
    expect(codeOfFailure(() => readPart10(good.slice(0, good.length - 3)))).toBe('dicom.damaged');
  });

  it('when it is nested 10,000 deep', () => {
    const level = [...contentSequence, ...letters('SQ'), 0, 0, ...u32(0xffff_ffff), ...item, ...u32(0xffff_ffff)];
    const deep = withBody(Array.from({ length: 10_000 }, () => level).flat());
    expect(codeOfFailure(() => readPart10(deep))).toBe('dicom.over-limit');
  });

  it('when an attribute stands there twice, in order or not', () => {
    const uid = (element: number) => [...u16(0x0040), ...u16(element), ...letters('UI'), ...u16(2), ...letters('1'), 0];
    expect(codeOfFailure(() => readPart10(withBody([uid(0xa124), uid(0xa124)].flat())))).toBe('dicom.damaged');
    const later = [uid(0xa171), uid(0xa124), uid(0xa171)].flat();
    expect(codeOfFailure(() => readPart10(withBody(later)))).toBe('dicom.damaged');
    expect(readPart10(withBody([uid(0xa171), uid(0xa124)].flat())).dataset).toMatchObject({ UID: '1' });
  });

  it('but not for private or unknown attributes, which are passed over', () => {
    const own = [...u16(0x0041), ...u16(0x1001), ...letters('UN'), 0, 0, ...u32(4), 1, 2, 3, 4];
    const unknown = [...u16(0x0041), ...u16(0x1003), ...letters('ZZ'), ...u16(2), 1, 2];
    expect(readPart10(withBody([...own, ...unknown])).dataset).toEqual({});
  });

  it('when it has more elements than the limit', () => {
    const many = { ...base, ContentSequence: Array.from({ length: 100 }, () => ({ ValueType: 'TEXT' })) };
    const limits = { ...defaultReadLimits, maxElements: 50 };
    expect(codeOfFailure(() => readPart10(writePart10(many), limits))).toBe('dicom.over-limit');
  });

  it('when it is big-endian', () => {
    const text = Buffer.from(good).toString('latin1').replace('1.2.840.10008.1.2.1\0', '1.2.840.10008.1.2.2\0');
    expect(codeOfFailure(() => readPart10(Uint8Array.from(Buffer.from(text, 'latin1'))))).toBe('dicom.transfer-syntax');
  });

  it('or read, but never crashes, with any bytes changed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 133), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        (changes) => {
          const damaged = good.slice();
          for (const [at, value] of changes) damaged[132 + at] = value;
          expect(['no failure', 'dicom.damaged', 'dicom.over-limit', 'dicom.transfer-syntax']).toContain(
            codeOfFailure(() => readPart10(damaged)),
          );
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('the table of attributes', () => {
  it('is in tag order without repetition', () => {
    const numbers = Object.values(tags).map(([tag]) => tag);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });
});

describe('a new UID', () => {
  it('is valid and never the same', () => {
    const uids = Array.from({ length: 1000 }, newUID);
    expect(new Set(uids).size).toBe(1000);
    for (const uid of uids) expect(uid).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
  });
});
