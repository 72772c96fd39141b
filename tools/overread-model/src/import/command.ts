import { readOptions, UsageError } from '../options.ts';
import { exitStatus, type Terminal } from '../terminal.ts';
import { readCodes } from './labels.ts';
import { importBundle } from './monai/import-bundle.ts';
import { importNnunet } from './nnunet/import-nnunet.ts';
import { writeImported, type Imported } from './write-imported.ts';

const texts = [
  'out',
  'graph',
  'codes',
  'orientation',
  'licence',
  'configuration',
  'mirror',
  'modality',
  'leave-out',
] as const;

export async function importModel(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals, text } = readOptions(args, 2, { text: texts });
  const [kind, folder] = positionals as [string, string];
  const { out, graph, orientation, licence, configuration, mirror, modality } = text;
  if (out === undefined) throw new UsageError('--out names the folder of the new package');
  if (modality !== undefined && !/^[A-Z]{2,16}$/.test(modality))
    throw new UsageError(`--modality is one of DICOM's, in capitals (CT, MR, PT), not '${modality}'`);
  const codes = await readCodes(text.codes);
  const options = { graph, codes, orientation, licence };
  let imported: Imported;
  if (kind === 'monai-bundle')
    imported = await importBundle(folder, { ...options, modality, leaveOut: text['leave-out'] });
  else if (kind === 'nnunet') imported = await importNnunet(folder, { ...options, configuration, mirror, modality });
  else throw new UsageError(`import knows monai-bundle and nnunet, not '${kind}'`);
  await writeImported(out, imported);
  terminal.out(
    [
      `${out}: ${imported.manifest.id} ${imported.manifest.version}`,
      ...imported.notes.map((note) => `note: ${note}`),
      `Then: overread-model check ${out}`,
    ].join('\n'),
  );
  return exitStatus.clean;
}
