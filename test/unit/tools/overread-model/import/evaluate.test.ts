import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../../../tools/overread-model/src/import/python/evaluate.ts';

const known: Readonly<Record<string, number | readonly number[]>> = { n: 4, 'a#b#0': 1.5, list: [1, 2, 3] };
const value = (text: string) => evaluate<never>(text, (id) => known[id] ?? `unknown ${id}`);

describe('a Python expression that is data', () => {
  it.each<[string, unknown]>([
    ['1_000', 1000],
    ['-1.5e-3', -1.5e-3],
    ['.5 + 1.', 1.5],
    ['"it\\"s" + \' me\'', 'it"s me'],
    ['[1, (2, 3), (4), (5,), ()]', [1, [2, 3], 4, [5], []]],
    ["{'a': 1, 'b': [True, None],}", { a: 1, b: [true, null] }],
    ['2 + 3 * 4 ** 2 // 5', 11],
    ['-7 // 2', -4],
    ['-7 % 3', 2],
    ['-2 ** 2', -4],
    ['7 / 2', 3.5],
    ['@n * 2 + @a#b#0', 9.5],
    ['@list[-1] + @list[0]', 4],
    ["{'x': 3}['x']", 3],
    ['[1] + [2] * 2', [1, 2, 2]],
    ['1 if @n > 3 else torch.nn.Module(1)[0].x', 1],
    ["os.path.join('a') if not True else 2", 2],
    ['1 if 0 else 2 if False else 3', 3],
    ['[] or 5', 5],
    ['0 and missing()', 0],
    ["@n == 4 and 'four' != 'five'", true],
  ])('%s', (text, expected) => {
    expect(value(text)).toEqual(expected);
  });

  it.each<[string, RegExp]>([
    ['torch.float32', /'torch\.float32' is code/],
    ['len(@list)', /'len\(…\)' is code/],
    ['lambda x: x', /'x' is not understood/],
    ['[i for i in @list]', /',' is expected before 'for'/],
    ['1 +', /ends too early/],
    ['(1', /',' is expected/],
    ['1 $ 2', /'\$ 2' is not understood/],
    ["'a' - 1", /no number/],
    ['@list[7]', /names nothing/],
    ["{}['__proto__']", /names nothing/],
    ['[0] * 1000000', /more than 10000 items/],
    ['('.repeat(100), /nested too deeply/],
    ['-'.repeat(100) + '1', /nested too deeply/],
  ])('is refused otherwise: %s', (text, why) => {
    expect(() => value(text)).toThrow(why);
  });

  it('is evaluated or refused in short time, whatever it is', () => {
    const pieces = fc.constantFrom(
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      ',',
      ':',
      '1',
      '"a"',
      '@n',
      '@list',
      'if',
      'else',
      'not',
      '**',
      '-',
      'x',
      '.',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        try {
          value(parts.join(' '));
        } catch (error) {
          expect((error as Error).constructor).toBe(Error);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
