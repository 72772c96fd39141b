import * as ort from 'onnxruntime-node';
import type { InferenceRuntime, Tensor, TensorData } from '@overread/core/pipeline';

/** onnxruntime-node behind the pipeline's interface, for tests and for building the models. */
export function nodeRuntime(threads = 2): InferenceRuntime {
  return {
    kind: 'node-cpu',
    threads,
    device: null,
    async createSession(model) {
      const session = await ort.InferenceSession.create(model, { intraOpNumThreads: threads });
      return {
        inputNames: session.inputNames,
        outputNames: session.outputNames,
        async run(feeds) {
          const named = Object.entries(feeds).map(([name, t]) => [
            name,
            new ort.Tensor('float32', t.data as Float32Array, t.dims),
          ]);
          const outputs = await session.run(Object.fromEntries(named) as Record<string, ort.Tensor>);
          return Object.fromEntries(
            Object.entries(outputs).map(([name, t]) => [
              name,
              { type: t.type as Tensor['type'], dims: t.dims, data: t.data as TensorData },
            ]),
          );
        },
        release: () => session.release(),
      };
    },
  };
}
