import { integerOf, itemOf, itemsOf, numberOf, numbersOf, textOf, textsOf } from '@overread/core/dicom';
import { describe, expect, it } from 'vitest';

describe('numbers', () => {
  it.each<[string, unknown, readonly number[]]>([
    ['numbers', [0.5, 1], [0.5, 1]],
    ['a lone number', 0.5, [0.5]],
    ['decimal strings', ['0.5 ', '-1.0E2'], [0.5, -100]],
    ['one backslash-separated string', '0.5\\1', [0.5, 1]],
    ['string objects, which keep the text as written', [Object('0.50')], [0.5]],
  ])('are read from %s', (_, value, expected) => {
    expect(numbersOf({ PixelSpacing: value }, 'PixelSpacing')).toEqual(expected);
    expect(numberOf({ PixelSpacing: value }, 'PixelSpacing')).toBe(expected[0]);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['an empty list', []],
    ['an empty string', ''],
    ['a list that begins with an empty value', ['', '1']],
    ['words', 'one'],
    ['an endless number', [Infinity]],
    ['a sequence', [{ Value: 1 }]],
  ])('are not read from %s', (_, value) => {
    expect(numbersOf({ PixelSpacing: value }, 'PixelSpacing')).toBeNull();
    expect(numberOf({ PixelSpacing: value }, 'PixelSpacing')).toBeNull();
  });

  it('are all there or none: a list with an empty value is no position', () => {
    expect(numbersOf({ ImagePositionPatient: ['1', '', '3'] }, 'ImagePositionPatient')).toBeNull();
  });

  it('in another count than asked for are none', () => {
    expect(numbersOf({ ImagePositionPatient: [1, 2] }, 'ImagePositionPatient', 3)).toBeNull();
  });

  it('that are not whole are no integers', () => {
    expect(integerOf({ Rows: '512' }, 'Rows')).toBe(512);
    expect(integerOf({ Rows: 51.2 }, 'Rows')).toBeNull();
  });
});

describe('text', () => {
  it('comes without the padding of its value representation', () => {
    expect(textOf({ SOPInstanceUID: '1.2.3\0' }, 'SOPInstanceUID')).toBe('1.2.3');
    expect(textOf({ Modality: ' CT ' }, 'Modality')).toBe('CT');
    expect(textOf({ Modality: '  ' }, 'Modality')).toBeNull();
    expect(textOf({ InstanceNumber: 12 }, 'InstanceNumber')).toBe('12');
  });

  it('of several values is a list, empty ones left out', () => {
    expect(textsOf({ ImageType: ['ORIGINAL', '', 'PRIMARY'] }, 'ImageType')).toEqual(['ORIGINAL', 'PRIMARY']);
    expect(textsOf({ ImageType: 'ORIGINAL\\PRIMARY' }, 'ImageType')).toEqual(['ORIGINAL', 'PRIMARY']);
    expect(textsOf({}, 'ImageType')).toEqual([]);
  });
});

describe('sequences', () => {
  it('may be a list or a lone item', () => {
    const item = { CodeValue: '1' };
    expect(itemsOf({ S: [item, item] }, 'S')).toEqual([item, item]);
    expect(itemsOf({ S: item }, 'S')).toEqual([item]);
    expect(itemOf({ S: [item] }, 'S')).toBe(item);
    expect(itemOf({ S: [{}, item] }, 'S', 1)).toBe(item);
    expect(itemOf({ S: [item] }, 'S', 1)).toBeNull();
  });

  it('are empty where the attribute is absent or none', () => {
    expect(itemsOf({}, 'S')).toEqual([]);
    expect(itemOf({ S: [] }, 'S')).toBeNull();
    expect(itemsOf({ S: 'text' }, 'S')).toEqual([]);
    expect(itemsOf({ S: new Uint8Array(4) }, 'S')).toEqual([]);
  });
});
