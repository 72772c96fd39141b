import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findGpu } from '../../../inference-server/src/inference/gpu-device.ts';

describe('the GPU of a machine', () => {
  let root: string;
  const put = (path: string, content: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'overread-gpu-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('is what its driver calls it', () => {
    put('proc/driver/nvidia/gpus/0000:01:00.0/information', 'Model: \t NVIDIA RTX A4000\nIRQ:   79\n');
    expect(findGpu('auto', 'linux', root)).toEqual({ ok: true, device: 'NVIDIA RTX A4000' });
  });

  it('is one without a name where there is a render node', () => {
    put('dev/dri/renderD128', '');
    expect(findGpu('auto', 'linux', root)).toEqual({ ok: true, device: null });
  });

  it('is none where the system shows none: a software adapter is not looked for', () => {
    put('dev/dri/card0', '');
    expect(findGpu('auto', 'linux', root)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('no GPU') as string,
    });
    expect(findGpu('auto', 'linux', join(root, 'nothing'))).toMatchObject({ ok: false });
  });

  it('is left alone or looked for blindly where the setting says so', () => {
    put('dev/dri/renderD128', '');
    expect(findGpu('off', 'linux', root)).toMatchObject({ ok: false });
    expect(findGpu('any', 'linux', join(root, 'nothing'))).toEqual({ ok: true, device: null });
    expect(findGpu('auto', 'darwin', join(root, 'nothing'))).toEqual({ ok: true, device: null });
  });
});
