import type { Dimension } from '../create.ts';

/** Names and shapes come from a file: errors repeat no more of them than a person reads. */
const mostListed = 8;
const mostLetters = 60;

export function quoted(name: string): string {
  return `'${cut(name)}'`;
}

export function listed(values: readonly { readonly name: string }[]): string {
  const shown = values.slice(0, mostListed).map(({ name }) => quoted(name));
  const others = values.length - shown.length;
  return shown.length === 0 ? 'none' : `${shown.join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}

/** `[1, C, ?]`: free extents by their name, or as a question mark. */
export function shapeText(shape: readonly (Dimension | null)[]): string {
  const shown = shape
    .slice(0, mostListed)
    .map((extent) => (typeof extent === 'string' ? cut(extent) : (extent ?? '?')));
  return `[${shown.join(', ')}${shape.length > mostListed ? `, … ${shape.length} in all` : ''}]`;
}

function cut(text: string): string {
  return text.length > mostLetters ? `${text.slice(0, mostLetters)}…` : text;
}
