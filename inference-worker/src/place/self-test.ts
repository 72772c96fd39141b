import type { LoadedModel } from '@overread/core/model';
import { rewritingVersion, runSelfTest, type InferenceRuntime, type ProgressListener } from '@overread/core/pipeline';
import { withStore } from '../database.ts';
import { ortVersion } from './ort-runtime.ts';

// Kept beside the database, which a private window may refuse: within one worker a test then still runs once.
const passedHere = new Set<string>();

/**
 * Runs the model's self-test on this runtime, unless it passed here before: same model, browser, GPU, ONNX Runtime and rewriting.
 * Only a pass is remembered, so a driver update gets its chance.
 *
 * @throws OverreadError where the model gives other values than its author's, or does not run at all
 */
export async function ensureSelfTest(
  model: LoadedModel,
  runtime: InferenceRuntime,
  onProgress: ProgressListener,
): Promise<void> {
  const rewriting = `rewriting ${rewritingVersion}`;
  const key = [model.digest, runtime.kind, runtime.device ?? '', ortVersion, rewriting, navigator.userAgent].join(
    ' | ',
  );
  if (passedHere.has(key) || (await remembered(key))) return;
  onProgress({ stage: 'self-test', done: 0, total: 1, unit: 'steps', remainingMilliseconds: null });
  await runSelfTest(model, runtime);
  passedHere.add(key);
  await remember(key);
  onProgress({ stage: 'self-test', done: 1, total: 1, unit: 'steps', remainingMilliseconds: null });
}

function remembered(key: string): Promise<boolean> {
  return withStore('self-tests', 'readonly', (store) => store.count(key)).then(
    (count) => count > 0,
    () => false,
  );
}

async function remember(key: string): Promise<void> {
  await withStore('self-tests', 'readwrite', (store) => store.put(new Date().toISOString(), key)).catch(
    () => undefined,
  );
}
