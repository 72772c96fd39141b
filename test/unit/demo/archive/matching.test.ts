import { describe, expect, it } from 'vitest';
import { matches } from '../../../../demo/archive/dicomweb/matching.ts';

const dataset = {
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'PHANTOM^CHEST', Ideographic: '試験' }] },
  '00100020': { vr: 'LO', Value: ['Ab*c'] },
  '00080020': { vr: 'DA', Value: ['20260316'] },
  '00080030': { vr: 'TM', Value: ['093512.5'] },
  '0020000D': { vr: 'UI', Value: ['1.2.3'] },
  '00080061': { vr: 'CS', Value: ['CT', 'SEG'] },
  '00080050': { vr: 'SH' },
};
const fits = (tag: string, value: string) => matches(dataset, [{ tag, value }]);

describe('a matching key', () => {
  it.each([
    ['00100010', 'phantom^c*'],
    ['00100010', '試?'],
    ['00100020', 'Ab?c'],
    ['00100020', '*b*c*'],
    ['00080020', '20260316'],
    ['00080020', '20260301-20260316'],
    ['00080030', '0900-0935'],
    ['0020000D', '9.9,1.2.3'],
    ['0020000D', '9.9\\1.2.3'],
    ['00080061', 'SEG'],
    ['00080050', ''],
    ['00080050', '*'],
  ])('%s fits %s', (tag, value) => {
    expect(fits(tag, value)).toBe(true);
  });

  it.each([
    ['00100010', 'CHEST'],
    ['00100020', 'ab*'],
    ['00080020', '20260317-'],
    ['00080020', '-20260315'],
    ['0020000D', '1.2'],
    ['00080061', 'SE'],
    ['00080050', 'X'],
    ['00100040', 'M'],
  ])('%s does not fit %s', (tag, value) => {
    expect(fits(tag, value)).toBe(false);
  });

  it('needs every key', () => {
    const keys = [
      { tag: '00080061', value: 'CT' },
      { tag: '0020000D', value: '4' },
    ];
    expect(matches(dataset, keys)).toBe(false);
  });

  it('of many stars is answered without trying every way', () => {
    const long = { '00100020': { vr: 'LO', Value: ['a'.repeat(20_000)] } };
    expect(matches(long, [{ tag: '00100020', value: `${'*a'.repeat(2000)}b` }])).toBe(false);
  });
});
