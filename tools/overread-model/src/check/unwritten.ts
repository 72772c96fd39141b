import type { Manifest } from '@overread/core/model';
import type { Fault } from './report.ts';

/** How a text begins that its author has still to write. */
export const todo = 'TODO';

/** Every text of the manifest that its author has still to write; those of one entry of a list (a label) in one fault. */
export function unwritten(manifest: Manifest): readonly Fault[] {
  const entries = new Map<string, [field: string, text: string][]>();
  for (const [field, text] of texts(manifest, '')) {
    const entry = /^.*\](?=\.)/.exec(field)?.[0] ?? field;
    entries.set(entry, [...(entries.get(entry) ?? []), [field, text]]);
  }
  return [...entries].map(([entry, fields]) => {
    const [[field, text], ...others] = fields as [[string, string], ...[string, string][]];
    const names = fields.map(([name]) => name.slice(entry.length + 1));
    const message =
      others.length === 0
        ? `${field}: still to be written${text === todo ? '' : `: ${text.slice(todo.length).replace(/^[:\s]+/, '')}`}`
        : `${entry}: ${names.slice(0, -1).join(', ')} and ${names.at(-1)} are still to be written`;
    return { severity: 'error', part: 'manifest', message };
  });
}

/** The same for the model card. */
export function unwrittenCard(path: string, content: Uint8Array): readonly Fault[] {
  const text = new TextDecoder().decode(content);
  const count = text.split(todo).length - 1;
  if (count > 0) return [{ severity: 'error', part: 'files', message: `${path}: ${count} places still to be written` }];
  return text.trim() === '' ? [{ severity: 'error', part: 'files', message: `${path} is empty` }] : [];
}

function texts(value: unknown, path: string): readonly (readonly [field: string, text: string])[] {
  if (typeof value === 'string') return value.startsWith(todo) ? [[path, value]] : [];
  if (Array.isArray(value)) return value.flatMap((item, at) => texts(item, `${path}[${at}]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => texts(item, path === '' ? key : `${path}.${key}`));
}
