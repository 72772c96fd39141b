import { isOverreadError } from '@overread/core/errors';
import { GraphBuilder } from '@overread/core/graph';
import { configureOrt, ortRuntime } from '../../../inference-worker/src/place/ort-runtime.ts';

// Runs in the test's page: a session of the worker's runtime, asked one input after the other.

const api = {
  /** Runs a graph that takes 64 values, however they are laid out, on inputs of so many; what each run gave: the sum of its answer, or an error's code. */
  async runs(lengths: readonly number[]): Promise<readonly (number | string)[]> {
    configureOrt(new URL('./', location.href).href, 1);
    const graph = new GraphBuilder('of 64 values');
    const x = graph.input('x', 'float32', ['N']);
    graph.output(graph.node('Reshape', [x, graph.ints([8, 8])], {}, 'y'), 'float32', null);
    const session = await ortRuntime({ kind: 'wasm', threads: 1, device: null }).createSession(graph.toBytes());
    const answers: (number | string)[] = [];
    for (const length of lengths) {
      const feeds = { x: { type: 'float32' as const, dims: [length], data: new Float32Array(length).fill(1) } };
      try {
        const { y } = await session.run(feeds);
        answers.push((y!.data as Float32Array).reduce((sum, value) => sum + value, 0));
      } catch (error) {
        answers.push(isOverreadError(error) ? error.code : String(error));
      }
    }
    await session.release();
    return answers;
  },
};

export type SessionApi = typeof api;
Object.assign(globalThis, { overreadSession: api });
