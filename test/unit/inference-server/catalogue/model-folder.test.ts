import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packModel } from '@overread/core/model';
import {
  listModels,
  loadModelFolder,
  readManifestFile,
} from '../../../../inference-server/src/catalogue/model-folder.ts';
import { inFolder } from '../../../support/model-command.ts';
import { convolutionGraph, testPackage } from '../../../support/test-models.ts';

it('a pack is served as its folder would be', async () => {
  const files = await testPackage(convolutionGraph([2]));
  await inFolder(async (folder) => {
    await writeFile(join(folder, 'tiny.model.zip'), packModel(files));
    const models = [{ id: 'tiny-test', version: '1.0.0', path: 'tiny.model.zip' }];
    await writeFile(join(folder, 'models.json'), JSON.stringify({ models }));
    const [listed] = await listModels(folder);
    const { manifest, graph } = await loadModelFolder(listed!.folder);
    expect([listed!.id, manifest.id]).toEqual(['tiny-test', 'tiny-test']);
    expect(graph).toEqual(files['graph.onnx']);
    expect(await readManifestFile(listed!.folder)).toEqual(files['model.json']);
    await writeFile(join(folder, 'tiny.model.zip'), 'no pack');
    await expect(loadModelFolder(listed!.folder)).rejects.toMatchObject({ code: 'model.pack-damaged' });
    await expect(readManifestFile(listed!.folder)).rejects.toMatchObject({ code: 'model.pack-damaged' });
  });
});
