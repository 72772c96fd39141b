import type * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';

type Issue = z.core.$ZodIssue;

const words = en().localeError;

/**
 * What a schema found wrong, one entry per fault: `input.patch.size[0]: expected number, received string` (what was
 * received is known where the schema was asked with `reportInput`). Values are never repeated, so the text is safe to
 * log and to show.
 */
export function describeFaults(error: z.core.$ZodError): readonly string[] {
  return error.issues.map((issue) => `${pathOf(issue.path)}: ${reasonOf(issue)}`);
}

/** JSON path as a person writes it: `outputs[0].labels[2].name`; `(root)` for the whole document. */
function pathOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(root)';
  return path
    .map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${String(key)}`))
    .join('');
}

function reasonOf(issue: Issue): string {
  // A union fails once per alternative; the person needs to know what each would have taken.
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const alternatives = issue.errors.flatMap((alternative) => alternative.slice(0, 1).map(reasonOf));
    return [...new Set(alternatives)].join(', or ');
  }
  if (issue.code === 'custom') return issue.message;
  const told = words(issue as Parameters<typeof words>[0]);
  const text = typeof told === 'string' ? told : (told?.message ?? issue.message);
  const known = 'input' in issue ? text : text.replace(/, received .*$/, '');
  return known.replace(/^Invalid input: /, '').replace(/^./, (first) => first.toLowerCase());
}
