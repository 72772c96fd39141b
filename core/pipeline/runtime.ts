import type { RuntimeKind } from '../analysis/index.ts';
import type { InputShapes } from '../graph/index.ts';
import type { DeviceLabels, LabelledOutput } from './device-labels.ts';

export type TensorData = Float32Array | Uint8Array | Int8Array | Int32Array | BigInt64Array | Uint16Array;

/** Row-major tensor; spatial axes are [D, H, W] = [k, j, i] of a grid, so a native-orientation volume needs no transpose. */
export interface Tensor {
  readonly type: 'float32' | 'uint8' | 'int8' | 'int32' | 'int64' | 'float16' | 'bool';
  readonly dims: readonly number[];
  readonly data: TensorData;
}

/**
 * A loaded graph. Not re-entrant: one `run` at a time. A graph of half-precision floats is fed and answers float32 all the
 * same: the session converts.
 */
export interface InferenceSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** A run leaves the caller's thread free: it pays to work on other windows meanwhile. Absent: it does not. */
  readonly offThread?: boolean;
  /**
   * Output tensors are the caller's own; the implementation has released its native copies.
   * @param outputs the outputs that are wanted; absent: all. What is not wanted is not copied.
   * @param onDevice made by this session: takes the outputs that it names, which are not answered
   */
  run(
    feeds: Readonly<Record<string, Tensor>>,
    outputs?: readonly string[],
    onDevice?: DeviceLabels,
  ): Promise<Readonly<Record<string, Tensor>>>;
  /** Something that turns these outputs into labels where the graph runs; null where that has no room for it. Absent: it cannot. */
  labelsOnDevice?(outputs: readonly LabelledOutput[]): Promise<DeviceLabels | null>;
  /** @param isSound false after a failure: then nobody is given it again. Absent: true */
  release(isSound?: boolean): Promise<void>;
  /** What it holds at the most after the runs so far, weights and values; 0 before the first. Absent: not known. */
  bytes?(): number;
}

/** What a place can hold, bytes; null where it does not say. */
export interface PlaceLimits {
  /** Of one value of the graph: a buffer of the GPU. */
  readonly value: number | null;
  /** Of weights, intermediate values, inputs and outputs together. */
  readonly total: number | null;
}

/** What executes graphs: onnxruntime-web in a worker, onnxruntime-node on the server. The pipeline knows nothing else of it. */
export interface InferenceRuntime {
  readonly kind: RuntimeKind;
  readonly threads: number;
  /** GPU adapter or CPU description, where known. */
  readonly device: string | null;
  /** Absent: nothing is known of them. */
  readonly limits?: PlaceLimits;
  /**
   * @param inputShapes of the graph's inputs, as far as they are the same at every run; for a runtime that must prepare the graph
   * @param labelled outputs that `labelsOnDevice` may be asked for
   */
  createSession(graph: Uint8Array, inputShapes?: InputShapes, labelled?: readonly string[]): Promise<InferenceSession>;
}
