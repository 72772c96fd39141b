/** A token of a Python expression; `reference` is what MONAI writes as `@id`. */
export type Token =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'reference'; readonly id: string }
  | { readonly kind: 'sign'; readonly text: string };

const forms: readonly (readonly [RegExp, (match: RegExpExecArray) => Token | null])[] = [
  [/\s+/y, () => null],
  [
    /(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y,
    ([text]) => ({ kind: 'number', value: Number(text.replaceAll('_', '')) }),
  ],
  [
    /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/y,
    (match) => ({ kind: 'string', value: unescaped(match[1] ?? match[2] ?? '') }),
  ],
  [/@[#:]*\w+(?:(?:#|::)\w+)*/y, ([text]) => ({ kind: 'reference', id: text.slice(1) })],
  [/[A-Za-z_]\w*/y, ([text]) => ({ kind: 'name', text })],
  [/\*\*|\/\/|[<>=!]=|[-+*/%<>()[\]{},:.]/y, ([text]) => ({ kind: 'sign', text })],
];

const longest = 10_000;

/** @throws Error naming what is no token */
export function tokensOf(expression: string): readonly Token[] {
  if (expression.length > longest) throw new Error(`it is longer than ${longest} characters`);
  const tokens: Token[] = [];
  for (let at = 0; at < expression.length;) {
    const [length, token] = tokenAt(expression, at);
    if (token !== null) tokens.push(token);
    at += length;
  }
  return tokens;
}

function tokenAt(expression: string, at: number): readonly [length: number, token: Token | null] {
  for (const [form, create] of forms) {
    form.lastIndex = at;
    const match = form.exec(expression);
    if (match !== null) return [match[0].length, create(match)];
  }
  throw new Error(`'${expression.slice(at, at + 12)}' is not understood`);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t' };

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => escapes[character] ?? character);
}
