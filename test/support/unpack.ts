import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Unpacks a tar archive into a folder of its own; `remove` when done. */
export function unpack(archive: string): { readonly files: readonly string[]; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'overread-test-'));
  execFileSync('tar', ['-xf', archive, '-C', folder]);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return { files, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
