import type { Notice } from '../errors/index.ts';

/** What could not be read, for the person who looks for it. Never patient data: objects are named by their UIDs. */
export function problem(code: string, message: string): Notice {
  return { code: `results.${code}`, message };
}
