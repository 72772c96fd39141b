import type { InferenceSession } from 'onnxruntime-node';

/** A tensor on its way: element type by ONNX Runtime's name, extents, values (bits, for half precision). */
export interface SentTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

type SentTensors = Readonly<Record<string, SentTensor>>;

/** What the thread with ONNX Runtime is asked for, one after another. Sessions go by the number that the asker gave them. */
export type ThreadTask =
  | {
      readonly kind: 'create';
      readonly session: number;
      readonly graph: Uint8Array;
      readonly options: InferenceSession.SessionOptions;
    }
  | {
      readonly kind: 'run';
      readonly session: number;
      readonly feeds: SentTensors;
      /** Names of the outputs that are wanted. */
      readonly wanted: readonly string[];
    }
  | { readonly kind: 'release'; readonly session: number };

/** What a session says of its graph. */
interface SessionFacts {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Element types of the inputs that are tensors, by name. */
  readonly inputTypes: Readonly<Record<string, string>>;
}

export interface ThreadAnswers {
  readonly create: SessionFacts;
  readonly run: SentTensors;
  readonly release: null;
}

/** A task or an answer with the number that ties them to each other. */
export type Asked = ThreadTask & { readonly id: number };
export type Answered =
  | { readonly id: number; readonly ok: true; readonly value: ThreadAnswers[ThreadTask['kind']] }
  | { readonly id: number; readonly ok: false; readonly why: string };
