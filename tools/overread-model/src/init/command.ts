import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { OverreadError } from '@overread/core/errors';
import { inspectModel, readModel } from '@overread/core/graph';
import { parseManifest, sha256Hex } from '@overread/core/model';
import { valueTexts } from '../check/texts.ts';
import { readOptions, UsageError } from '../options.ts';
import { manifestFile, readBytes, writeBytes, writeJson } from '../package/files.ts';
import { exitStatus, type Terminal } from '../terminal.ts';
import { cardTemplate } from './card.ts';
import { draftManifest } from './draft.ts';

/** What no graph says of itself. */
const questions = [
  'input.orientation, input.spacing, input.intensity: as the network was trained',
  'outputs: whether the kinds guessed are right, and what each label or class is',
  'applicability: which series it may be run on',
  'selfTest.range: the range of values that the network reads',
];

export async function init(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals, text } = readOptions(args, 1, { text: ['graph'] });
  if (text.graph === undefined) throw new UsageError('--graph names the ONNX file');
  const folder = positionals[0]!;
  await requireNew(folder);
  const graph = await readBytes(text.graph);
  const report = inspectModel(readModel(graph));
  const draft = draftManifest(folder, { sha256: sha256Hex(graph), bytes: graph.byteLength }, report);
  parseManifest(draft);
  await writeBytes(join(folder, 'graph.onnx'), graph);
  await writeBytes(join(folder, 'card.md'), cardTemplate(draft.id));
  await writeJson(manifestFile(folder), draft);
  terminal.out(
    [
      `${folder}: ${draft.id}`,
      ...valueTexts(report.inputs).map((text) => `  in  ${text}`),
      ...valueTexts(report.outputs).map((text) => `  out ${text}`),
      'Now write in model.json and card.md what only you know (marked TODO), and settle:',
      ...questions.map((question) => `  ${question}`),
      `Then: overread-model selftest ${folder} --record, and overread-model check ${folder}`,
    ].join('\n'),
  );
  return exitStatus.clean;
}

/** @throws OverreadError `model.already-there`: a package that is there is never written over */
export async function requireNew(folder: string): Promise<void> {
  const file = manifestFile(folder);
  const there = await access(file).then(
    () => true,
    () => false,
  );
  if (there) throw new OverreadError('model.already-there', { why: `${file} is there`, details: { file } });
}
