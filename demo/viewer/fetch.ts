import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OverreadError } from '@overread/core/errors';
import { runToEnd } from '../run-to-end.ts';
import { testedViewers } from './versions.ts';

const packageName = '@ohif/app';

/**
 * The folder of a published viewer's built files, fetched when it is not there yet. Only the tarball itself is
 * taken, never what it declares as dependencies: the build inside is complete.
 * @param cache folder to keep viewers in.
 * @throws OverreadError demo.viewer-unavailable, demo.viewer-damaged.
 */
export async function ensureViewer(version: string, cache: string, log: (line: string) => void): Promise<string> {
  const home = join(cache, version);
  const dist = join(home, 'dist');
  if (existsSync(join(dist, 'index.html'))) return dist;

  log(`Fetching the OHIF Viewer ${version} (${packageName}); this happens once.`);
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, '.fetching-'));
  try {
    const tarball = await download(version, work);
    await verify(tarball, version);
    await unpack(tarball, work);
    await rm(home, { recursive: true, force: true });
    // A half-unpacked viewer is never seen: the whole folder appears at once.
    await rename(join(work, 'package'), home);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return dist;
}

async function npm(args: readonly string[], version: string): Promise<string> {
  try {
    return await runToEnd('npm', args);
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    const reason = /E404|ETARGET|No matching version/.test(text)
      ? `the registry has no ${packageName} ${version}`
      : (/npm error (?!code|errno|syscall)(.*)/.exec(text)?.[1] ?? text).trim().replace(/\.$/, '');
    throw new OverreadError('demo.viewer-unavailable', { why: reason, details: { version }, cause });
  }
}

async function download(version: string, folder: string): Promise<string> {
  await npm(['pack', `${packageName}@${version}`, '--pack-destination', folder, '--silent'], version);
  const name = (await readdir(folder)).find((entry) => entry.endsWith('.tgz'));
  if (name === undefined) throw new OverreadError('demo.viewer-unavailable', { why: 'npm pack left no tarball' });
  return join(folder, name);
}

async function verify(tarball: string, version: string): Promise<void> {
  const recorded = testedViewers[version];
  const published = recorded ?? (await npm(['view', `${packageName}@${version}`, 'dist.integrity'], version)).trim();
  const found = `sha512-${createHash('sha512')
    .update(await readFile(tarball))
    .digest('base64')}`;
  if (found !== published) {
    throw new OverreadError('demo.viewer-damaged', {
      why: `its SHA-512 is ${found.slice(7, 19)}…, published was ${published.slice(7, 19)}…`,
      details: { version },
    });
  }
}

async function unpack(tarball: string, folder: string): Promise<void> {
  try {
    await runToEnd('tar', ['-xzf', tarball, '-C', folder, 'package/dist', 'package/LICENSE']);
  } catch (cause) {
    throw new OverreadError('demo.viewer-unavailable', { why: 'the tarball could not be unpacked by tar', cause });
  }
}
