import { isOverreadError } from '@overread/core/errors';
import {
  decoderFaults,
  divide,
  fitFaults,
  freeDimensions,
  inspectModel,
  memoryNeed,
  placements,
  readModel,
  rewriteForTarget,
  smallerWindows,
  usesType,
  writeModel,
  type Target,
} from '@overread/core/graph';
import type { Manifest } from '@overread/core/model';
import { promptModel } from './prompt-model.ts';
import { tinyManifest } from './tiny-manifest.ts';

const targets: readonly Target[] = ['webgpu', 'node-gpu', 'wasm', 'node-cpu'];
const { manifest: prompted } = promptModel([18, 24]);
const plain = tinyManifest(new Uint8Array(1));
const manifests: readonly Manifest[] = [plain, prompted, { ...plain, outputs: [] }];

/** All that the engine asks of a graph before it runs. @throws what core/graph throws, or where a number is none */
function askEverything(bytes: Uint8Array): void {
  const model = readModel(bytes);
  inspectModel(model);
  usesType(model, 'float16');
  for (const manifest of manifests) fitFaults(manifest, model);
  if (prompted.prompts !== undefined) decoderFaults(prompted.prompts, model);
  for (const inputShapes of [{}, { input: [1, 1, 12, 20, 24] }, { input: [1, 1, 0, -3, 2 ** 40] }]) {
    freeDimensions(model, inputShapes);
    const { weights, values, largest } = memoryNeed(model, inputShapes);
    if ([weights, values, largest].some(Number.isNaN)) throw new Error('a need of memory that is no number');
    for (const target of targets) {
      placements(model, target, inputShapes);
      const { model: rewritten } = rewriteForTarget(model, target, { inputShapes });
      if (rewritten !== model) readModel(writeModel(rewritten));
    }
  }
  const outputs = model.graph?.output.map(({ name }) => name) ?? [];
  const request = { input: 'input', channels: 1, size: [40, 48, 56] as const, outputs, memory: 200_000 };
  smallerWindows(model, request);
  for (const labels of [outputs[0] ?? null, null]) {
    const divided = divide(model, { ...request, labels });
    if (divided !== null && 'model' in divided) readModel(writeModel(divided.model));
  }
}

/** `answered`, or the code of what was refused; what is no refusal by name is thrown on. */
export function answerOf(bytes: Uint8Array): string {
  try {
    askEverything(bytes);
    return 'answered';
  } catch (error) {
    if (isOverreadError(error)) return error.code;
    throw error;
  }
}
