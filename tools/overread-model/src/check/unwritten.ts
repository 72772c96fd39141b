import type { Manifest } from '@overread/core/model';
import type { Fault } from './report.ts';

/** How a text begins that its author has still to write. */
export const todo = 'TODO';

/** Every text of the manifest that its author has still to write. */
export function unwritten(manifest: Manifest): readonly Fault[] {
  return texts(manifest, '').map(([field, text]) => ({
    severity: 'error',
    part: 'manifest',
    message: `${field}: still to be written (${text})`,
  }));
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
