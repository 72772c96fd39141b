import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { projectNode, root } from '../../scripts/setup.mjs';
import { runToEnd } from '../run-to-end.ts';

export interface PhantomFiles {
  /** Folder of the DICOM files. */
  readonly studies: string;
  /** Folder of what is known of them; see truth.ts. */
  readonly truth: string;
}

/** Where the phantom is kept unless a caller says otherwise. */
export const phantomCache = join(root, '.cache/phantom');

/**
 * The phantom studies, made when they are not there yet or were made by another version of this code.
 * @param cache folder to keep them in.
 */
export async function ensurePhantom(cache: string, log: (line: string) => void): Promise<PhantomFiles> {
  const home = join(cache, sourceDigest());
  const files = { studies: join(home, 'studies'), truth: join(home, 'truth') };
  if (existsSync(home)) return files;
  log('Making the phantom studies; this happens once.');
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, '.making-'));
  try {
    const program = join(import.meta.dirname, 'generate.ts');
    await Promise.all(['current', 'prior'].map((scan) => runToEnd(projectNode, [program, scan, work])));
    // Whoever makes it first wins; the studies are the same.
    await rename(work, home).catch((error: unknown) => {
      if (!existsSync(home)) throw error;
    });
    await removeOld(cache, home);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return files;
}

const day = 24 * 60 * 60 * 1000;

/** What other versions of this code made; not if it is of today, another process may be reading it. */
async function removeOld(cache: string, home: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const path = join(cache, name);
    const found = await stat(path).catch(() => null);
    if (path === home || found === null || found.mtimeMs > Date.now() - day) continue;
    await rm(path, { recursive: true, force: true });
  }
}

function sourceDigest(): string {
  const hash = createHash('sha256');
  for (const path of globSync('**/*.ts', { cwd: import.meta.dirname }).sort()) {
    hash.update(`${path}\0`).update(readFileSync(join(import.meta.dirname, path)));
  }
  return hash.digest('hex').slice(0, 16);
}
