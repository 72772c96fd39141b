import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackageFiles } from './test-models.ts';
import type { Site } from './worker-page/site.ts';

/** Puts packages where a companion server finds them (a folder with its `models.json`) and a page does too. */
export async function layPackages(
  folder: string,
  site: Pick<Site, 'put'>,
  packages: Readonly<Record<string, PackageFiles>>,
): Promise<void> {
  for (const [id, files] of Object.entries(packages)) {
    site.put(id, files);
    await mkdir(join(folder, id));
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, id, name), bytes);
  }
  const models = Object.keys(packages).map((id) => ({ id, version: '1.0.0', path: `${id}/model.json` }));
  await writeFile(join(folder, 'models.json'), JSON.stringify({ models }));
}
