import type { RuntimeKind } from '../analysis/index.ts';
import type { InputShapes } from '../graph/index.ts';

export type TensorData = Float32Array | Uint8Array | Int32Array | BigInt64Array | Uint16Array;

/** Row-major tensor; spatial axes are [D, H, W] = [k, j, i] of a grid, so a native-orientation volume needs no transpose. */
export interface Tensor {
  readonly type: 'float32' | 'uint8' | 'int32' | 'int64' | 'float16' | 'bool';
  readonly dims: readonly number[];
  readonly data: TensorData;
}

/** A loaded graph. Not re-entrant: one `run` at a time. */
export interface InferenceSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Output tensors are the caller's own; the implementation has released its native copies. */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  release(): Promise<void>;
}

/** What executes graphs: onnxruntime-web in a worker, onnxruntime-node on the server. The pipeline knows nothing else of it. */
export interface InferenceRuntime {
  readonly kind: RuntimeKind;
  readonly threads: number;
  /** GPU adapter or CPU description, where known. */
  readonly device: string | null;
  /** @param inputShapes of the graph's inputs, as far as they are the same at every run; for a runtime that must prepare the graph */
  createSession(graph: Uint8Array, inputShapes?: InputShapes): Promise<InferenceSession>;
}
