import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installationIsCurrent, requireNode } from '../../../scripts/setup.mjs';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'overread-setup-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const wanted = {
  '': {},
  core: {},
  'node_modules/@overread/core': { link: true },
  'node_modules/a': { version: '1.0.0' },
  'node_modules/only-on-windows': { version: '1.0.0', optional: true },
};

function write(installed: object | null): void {
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: wanted }));
  if (installed === null) return;
  mkdirSync(join(folder, 'node_modules'));
  writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
}

describe('the installation', () => {
  it.each([
    ['stands as the lockfile says', { 'node_modules/a': { version: '1.0.0' } }, true],
    ['has another version of a package', { 'node_modules/a': { version: '1.0.1' } }, false],
    ['lacks a package', {}, false],
    ['was never made', null, false],
  ])('%s', (_, installed, current) => {
    write(installed);
    expect(installationIsCurrent(folder)).toBe(current);
  });
});

describe('the Node to begin on', () => {
  it.each(['20.11.0', '20.20.2', '22.0.0', '24.21.0'])('%s will do', (version) => {
    expect(() => requireNode(version)).not.toThrow();
  });

  it.each(['18.20.0', '20.10.9'])('%s is too old, and the message says what is needed', (version) => {
    expect(() => requireNode(version)).toThrow(`20.11 or newer to begin with; this is Node ${version}`);
  });
});
