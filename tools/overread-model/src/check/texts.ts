import type { ModelValue } from '@overread/core/graph';

/** What a graph says of itself is listed as far as a person reads: real networks have few of each, with names of a few words. */
const mostValues = 20;
const mostAxes = 8;
const mostLetters = 100;

/** `name type [shape]`, one for each input or output. */
export function valueTexts(values: readonly ModelValue[]): readonly string[] {
  return shortened(values.map(valueText), mostValues);
}

function valueText({ name, type, shape }: ModelValue): string {
  const extents = shape
    ?.slice(0, mostAxes)
    .map((extent) => (typeof extent === 'string' ? cut(extent) : (extent ?? '?')));
  const text = extents === undefined ? 'any shape' : `[${extents.join(', ')}${shape!.length > mostAxes ? ', …' : ''}]`;
  return `${cut(name)} ${type ?? 'unknown type'} ${text}`;
}

/** The first two of several, by name, and how many others. */
export function named(names: readonly string[]): string {
  const [first = '', second, ...others] = names.map(cut);
  if (second === undefined) return first;
  return others.length === 0 ? `${first} and ${second}` : `${first}, ${second} and ${others.length} more`;
}

/** The first lines, and how many others. */
export function shortened(lines: readonly string[], most: number): readonly string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most), `and ${lines.length - most} more`];
}

function cut(text: string): string {
  return text.length > mostLetters ? `${text.slice(0, mostLetters)}…` : text;
}
