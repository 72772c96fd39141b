import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The machine's GPU as far as its system shows one, or why there is none. */
export type GpuAnswer =
  { readonly ok: true; readonly device: string | null } | { readonly ok: false; readonly reason: string };

/** Which GPU the server may compute on. */
export type GpuChoice = (typeof gpuChoices)[number];

/** `any`: a software adapter too, which is right and slow: for tests. */
export const gpuChoices = ['auto', 'off', 'any'] as const;

/**
 * Looks for a GPU before ONNX Runtime does: its WebGPU takes a software adapter as readily and does not say so.
 * @param root folder of the system's own files, '/' but in tests
 */
export function findGpu(choice: GpuChoice, platform: NodeJS.Platform = process.platform, root = '/'): GpuAnswer {
  if (choice === 'off') return { ok: false, reason: 'the server is set to compute without a GPU' };
  if (choice === 'any') return { ok: true, device: null };
  // Elsewhere the system brings its own graphics driver.
  if (platform !== 'linux') return { ok: true, device: null };
  const name = nvidiaName(join(root, 'proc/driver/nvidia/gpus'));
  if (name !== null) return { ok: true, device: name };
  const nodes = existsSync(join(root, 'dev/dri')) ? readdirSync(join(root, 'dev/dri')) : [];
  if (nodes.some((node) => node.startsWith('renderD'))) return { ok: true, device: null };
  return { ok: false, reason: 'this machine shows no GPU (neither a render node in /dev/dri nor an NVIDIA driver)' };
}

/** What NVIDIA's driver says in `<folder>/<bus>/information`. */
function nvidiaName(folder: string): string | null {
  if (!existsSync(folder)) return null;
  for (const bus of readdirSync(folder)) {
    const file = join(folder, bus, 'information');
    const model = existsSync(file) ? /^Model:\s*(.+)$/m.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
    if (model !== undefined) return model.trim();
  }
  return null;
}
