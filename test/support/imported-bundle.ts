import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest, type Manifest } from '@overread/core/model';
import { inFolder, overreadModel, type CommandResult } from './model-command.ts';
import { writeBundle, type BundleParts } from './monai-bundle.ts';

export type Change = (parts: BundleParts) => void;

/** What an import said, and the package that came of it, if any. */
interface ImportedBundle extends CommandResult {
  readonly manifest: Manifest | null;
  readonly card: string;
}

/** Imports a bundle and answers what came of it. */
export function imported(change: Change = () => undefined, ...options: readonly string[]): Promise<ImportedBundle> {
  return inFolder(async (folder) => {
    const [bundle, out] = [join(folder, 'bundle'), join(folder, 'package')];
    await writeBundle(bundle, change);
    const result = await overreadModel('import', 'monai-bundle', bundle, '--out', out, ...options);
    if (result.status !== 0) return { ...result, manifest: null, card: '' };
    const manifest = readManifest(await readFile(join(out, 'model.json')));
    return { ...result, manifest, card: await readFile(join(out, 'card.md'), 'utf8') };
  });
}

/** The manifest of an import that must succeed. */
export async function manifestOf(change?: Change, ...options: readonly string[]): Promise<Manifest> {
  const { manifest, err } = await imported(change, ...options);
  if (manifest === null) throw new Error(`the import was refused: ${err}`);
  return manifest;
}
