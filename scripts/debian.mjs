// Debian packages that tests need: what each is for, and how to see that it is there.
// Plain JavaScript with built-ins only: it runs before dependencies are installed.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

/** @typedef {{ package: string, probe: string, why: string }} DebianPackage */

/** @type {readonly DebianPackage[]} */
const testPackages = [
  { package: 'chromium', probe: '/usr/bin/chromium', why: 'drives the real viewer' },
  { package: 'orthanc', probe: '/usr/sbin/Orthanc', why: 'a real PACS' },
  {
    package: 'orthanc-dicomweb',
    probe: '/usr/share/orthanc/plugins/libOrthancDicomWeb.so',
    why: 'DICOMweb for Orthanc',
  },
  { package: 'dcmtk', probe: '/usr/bin/dsrdump', why: 'reads what we write' },
  { package: 'dicom3tools', probe: '/usr/bin/dciodvfy', why: 'validates what we write' },
  { package: 'python3-pydicom', probe: '/usr/lib/python3/dist-packages/pydicom', why: 'reads what we write' },
  { package: 'python3-numpy', probe: '/usr/lib/python3/dist-packages/numpy', why: 'compares masks' },
  { package: 'pixelmed-apps', probe: '/usr/share/java/pixelmed.jar', why: 'checks SR templates' },
  {
    package: 'fonts-dejavu-core',
    probe: '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf',
    why: 'text in screenshots',
  },
];

const policyFile = '/usr/sbin/policy-rc.d';

/** Keeps apt from starting the daemons it installs: the tests run their own instances. */
function withoutDaemons(action) {
  const ours = !existsSync(policyFile);
  if (ours) writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return action();
  } finally {
    if (ours) rmSync(policyFile);
  }
}

function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', ['-q', ...args], { stdio: ['ignore', 'inherit', 'inherit'], env }).status === 0;
}

/**
 * Installs what is missing where that is possible (Debian, root).
 * @returns {readonly DebianPackage[]} what is still missing; tests that need it skip and say so
 */
export function ensureDebianPackages(packages = testPackages) {
  const missing = () => packages.filter(({ probe }) => !existsSync(probe));
  const wanted = missing();
  if (wanted.length === 0) return [];
  if (existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    const names = wanted.map((entry) => entry.package);
    console.log(`Installing Debian packages for the tests: ${names.join(' ')}`);
    withoutDaemons(() => aptGet('update') && aptGet('install', '-y', '--no-install-recommends', ...names));
  }
  return missing();
}
