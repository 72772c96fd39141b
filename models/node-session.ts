import * as ort from 'onnxruntime-node';
import type { InferenceSession, Tensor, TensorData } from '@overread/core/pipeline';

/** A graph on onnxruntime-node, one thread: for recording self-tests and for tests. */
export async function nodeSession(graph: Uint8Array, threads = 1): Promise<InferenceSession> {
  const session = await ort.InferenceSession.create(graph, { intraOpNumThreads: threads });
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(feeds) {
      const inputs: Record<string, ort.Tensor> = {};
      for (const [name, { data, dims }] of Object.entries(feeds))
        inputs[name] = new ort.Tensor('float32', data as Float32Array, dims);
      const outputs: Record<string, Tensor> = {};
      for (const [name, { type, dims, data }] of Object.entries(await session.run(inputs))) {
        outputs[name] = { type: type as Tensor['type'], dims, data: data as TensorData };
      }
      return outputs;
    },
    release: () => session.release(),
  };
}
