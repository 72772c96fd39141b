import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPart10, sopClasses, textDecoderFor, textOf, writePart10 } from '@overread/core/dicom';

/** Bytes written as text: one byte per character, `ESC` for the escape character, hexadecimal pairs in angle brackets. */
function bytes(text: string): Uint8Array {
  const plain = text.replaceAll('ESC', '\u001b').replaceAll(/<([0-9A-F ]+)>/g, (_, pairs: string) =>
    pairs
      .split(' ')
      .map((pair) => String.fromCharCode(parseInt(pair, 16)))
      .join(''),
  );
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

/** A file whose patient's name is stored as these bytes in these sets. */
function fileNaming(name: Uint8Array, sets: string): Uint8Array {
  const mark = '#'.repeat(name.length + (name.length % 2));
  const file = writePart10({ SOPClassUID: sopClasses.ct, SOPInstanceUID: '2.25.77', PatientName: mark });
  const at = Buffer.from(file).indexOf(mark);
  const padded = new Uint8Array(mark.length).fill(0x20);
  padded.set(name);
  file.set(padded, at);
  const declared = Buffer.from(sets.padEnd(sets.length + (sets.length % 2)), 'latin1');
  const element = Buffer.concat([
    Buffer.from([8, 0, 5, 0]),
    Buffer.from('CS'),
    Buffer.from([declared.length, 0]),
    declared,
  ]);
  const start = 144 + new DataView(file.buffer, file.byteOffset).getUint32(140, true);
  return Buffer.concat([file.subarray(0, start), element, file.subarray(start)]);
}

const examples: readonly (readonly [string, string, string, string])[] = [
  [
    'Japanese, PS3.5 H.3.1',
    '\\ISO 2022 IR 87',
    'Yamada^Tarou=ESC$B;3EDESC(B^ESC$BB@O:ESC(B=ESC$B$d$^$@ESC(B^ESC$B$?$m$&ESC(B',
    'Yamada^Tarou=山田^太郎=やまだ^たろう',
  ],
  [
    'Japanese with half-width katakana, PS3.5 H.3.2',
    'ISO 2022 IR 13\\ISO 2022 IR 87',
    '<D4 CF C0 DE>^<C0 DB B3>=ESC$B;3EDESC(J^ESC$BB@O:ESC(J=ESC$B$d$^$@ESC(J^ESC$B$?$m$&ESC(J',
    'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう',
  ],
  ['half-width katakana alone', 'ISO_IR 13', '<D4 CF C0 DE>^<C0 DB B3>', 'ﾔﾏﾀﾞ^ﾀﾛｳ'],
  ['supplementary kanji', '\\ISO 2022 IR 159', 'ESC$(D0!ESC(B^A', '丂^A'],
  [
    'Korean, PS3.5 I.2',
    '\\ISO 2022 IR 149',
    'Hong^Gildong=ESC$)C<FB F3>^ESC$)C<D1 CE D4 D7>=ESC$)C<C8 AB>^ESC$)C<B1 E6 B5 BF>',
    'Hong^Gildong=洪^吉洞=홍^길동',
  ],
  ['Korean without the escape sequences', '\\ISO 2022 IR 149', '<C8 AB>^<B1 E6 B5 BF>', '홍^길동'],
  [
    'Chinese in UTF-8, PS3.5 J.1',
    'ISO_IR 192',
    'Wang^XiaoDong=<E7 8E 8B>^<E5 B0 8F E6 9D B1>=',
    'Wang^XiaoDong=王^小東=',
  ],
  ['Chinese in GB18030, PS3.5 J.2', 'GB18030', 'Wang^XiaoDong=<CD F5>^<D0 A1 B6 AB>=', 'Wang^XiaoDong=王^小东='],
  ['Chinese in GBK, PS3.5 J.3', 'GBK', 'Wang^XiaoDong=<CD F5>^<D0 A1 B6 AB>=', 'Wang^XiaoDong=王^小东='],
  ['a trail byte that looks like a backslash', 'GBK', '<81 5C>^A', '乗^A'],
  [
    'Chinese in GB 2312, PS3.5 K.2',
    '\\ISO 2022 IR 58',
    'Zhang^XiaoDong=ESC$)A<D5 C5>^ESC$)A<D0 A1 B6 AB>=',
    'Zhang^XiaoDong=张^小东=',
  ],
  ['Cyrillic', 'ISO_IR 144', '<BB EE DA>c<D5 DC D1>yp<D3>', 'Люкcембypг'],
  ['Cyrillic and Greek in one value', 'ISO 2022 IR 144\\ISO 2022 IR 126', '<BB EE DA>^ESC-F<C4 E9>', 'Люк^Δι'],
  ['Greek', 'ISO_IR 126', '<C4 E9 EF ED F5 F3 E9 EF F2>', 'Διονυσιος'],
  ['Arabic', 'ISO_IR 127', '<E2 C8 C7 E6 EA>', 'قباني'],
  ['Hebrew', 'ISO_IR 138', '<F9 F8 E5 EF>', 'שרון'],
  ['Thai', 'ISO_IR 166', '<CA C1 AA D2 C2>', 'สมชาย'],
  ['Latin alphabet No. 1', 'ISO_IR 100', 'Buc^J<E9>r<F4>me', 'Buc^Jérôme'],
  ['Latin alphabet No. 2', 'ISO_IR 101', 'Wa<B3><EA>sa', 'Wałęsa'],
  ['Latin alphabet No. 3', 'ISO_IR 109', '<A6><E6>', 'Ĥĉ'],
  ['Latin alphabet No. 4', 'ISO_IR 110', '<C7>', 'Į'],
  ['Turkish', 'ISO_IR 148', '<C7>avu<FE>o<F0>lu', 'Çavuşoğlu'],
];

describe('the name of a patient', () => {
  it.each(examples)('%s', (_, sets, stored, expected) => {
    const { dataset } = readPart10(fileNaming(bytes(stored), sets));
    expect(textOf(dataset, 'PatientName')).toBe(expected);
  });
});

describe('escape sequences', () => {
  it('end with the value and with the line, and reach across = in text that is no name', () => {
    const decode = textDecoderFor(['ISO 2022 IR 100', 'ISO 2022 IR 144']);
    expect(decode(bytes('ESC-L<BB>=<BB>\\<BB>'))).toBe('Л=Л\\»');
    expect(decode(bytes('ESC-L<BB>\r\n<BB>'))).toBe('Л\r\n»');
    expect(decode(bytes('ESC-L<BB>=<BB>'), true)).toBe('Л=»');
  });

  it('that name no known set show as unreadable, and so do bytes that no set explains', () => {
    const decode = textDecoderFor(['', 'ISO 2022 IR 87']);
    expect(decode(bytes('aESC%Gb'))).toBe('a\ufffd%Gb');
    expect(decode(bytes('a<BB>b'))).toBe('a\ufffdb');
    expect(decode(bytes('ESC$B;3E'))).toBe('山\ufffd');
  });

  it('never throw, and never give more characters than bytes', () => {
    const sets = fc.constantFrom(...examples.map(([, names]) => names.split('\\')));
    fc.assert(
      fc.property(sets, fc.uint8Array({ maxLength: 40 }), fc.boolean(), (names, input, person) => {
        expect(Array.from(textDecoderFor(names)(input, person)).length).toBeLessThanOrEqual(input.length);
      }),
    );
  });
});
