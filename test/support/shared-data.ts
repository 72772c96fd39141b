import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = process.env['OVERREAD_TEST_DATA'] ?? resolve(import.meta.dirname, '../../../shared/data');

/** Path of a folder or file of public sample images, or null where this machine has none (the test then skips and says so). */
export function sharedData(...path: string[]): string | null {
  const full = join(root, ...path);
  return existsSync(full) ? full : null;
}
