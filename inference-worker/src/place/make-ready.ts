import type { LoadedModel } from '@overread/core/model';
import { inputShapes, labelledNames, type InferenceRuntime, type ProgressListener } from '@overread/core/pipeline';
import { ensureSelfTest } from './self-test.ts';

/**
 * Tests the model on the runtime, and makes its session while the page still reads the images: the run finds it kept.
 *
 * @param plain the runtime itself, for the test's session, whose shapes are the test's own
 * @param keeping the same with its sessions kept
 * @throws OverreadError what the self-test or `createSession` throws
 */
export async function makeReady(
  model: LoadedModel,
  plain: InferenceRuntime,
  keeping: InferenceRuntime,
  onProgress: ProgressListener,
): Promise<void> {
  await ensureSelfTest(model, plain, onProgress);
  const session = await keeping.createSession(
    model.graph,
    inputShapes(model.manifest.input),
    labelledNames(model.manifest),
  );
  await session.release();
}
