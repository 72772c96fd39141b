import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Feeds } from './recording-runtime.ts';

/** What onnxruntime-node and onnxruntime-web have in common here. */
interface Ort {
  readonly Tensor: typeof Tensor;
}

/** How long ONNX Runtime itself takes for the very tiles that an analysis fed it, ms: nothing is done with its answers. */
export function bareRuns(ort: Ort, session: InferenceSession, fed: readonly Feeds[]): Promise<number> {
  return timed(async () => {
    for (const feeds of fed) {
      const tensors = Object.entries(feeds).map(([name, { data, dims }]) => {
        return [name, new ort.Tensor('float32', data as Float32Array, dims)] as const;
      });
      const outputs = await session.run(Object.fromEntries(tensors));
      for (const output of Object.values(outputs)) output.dispose();
      for (const [, tensor] of tensors) tensor.dispose();
    }
  });
}

/** Milliseconds that something takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
