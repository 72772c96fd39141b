import type { Applied, Placement } from '@overread/core/graph';
import type { SelfTestDifference } from '@overread/core/pipeline';

type Severity = 'error' | 'warning';

/** Something that is wrong with a package, or may be. */
export interface Fault {
  readonly severity: Severity;
  readonly part: 'manifest' | 'files' | 'graph' | 'places' | 'self-test';
  /** `field: why` for the manifest and the fit of the graph, else a sentence. */
  readonly message: string;
}

export type Place = 'webgpu' | 'wasm' | 'node-cpu' | 'node-gpu';

/** What would run where on a place, as a forecast: nothing is run for it. */
export interface PlaceReport {
  readonly place: Place;
  /** Nodes on the GPU, on the processor, and such that the session stops at. */
  readonly nodes: Readonly<Record<Placement['where'], number>>;
  /** What is rewritten before: the pass, the node and what it becomes. */
  readonly rewritten: readonly Applied[];
  /** Nodes that are not on the place's own device, with the reason; each kind once. */
  readonly notes: readonly string[];
}

/** A self-test that was run. */
export interface RunReport {
  readonly place: 'node-cpu' | 'wasm';
  readonly passed: boolean;
  /** From what is recorded, of the graph and of a decoder; empty where it did not run. */
  readonly differences: readonly SelfTestDifference[];
  readonly milliseconds: number;
}

/** What `check` finds; parts that could not be reached are null. */
export interface CheckReport {
  readonly package: string;
  readonly model: { readonly id: string; readonly version: string; readonly digest: string } | null;
  readonly graph: GraphSummary | null;
  readonly places: readonly PlaceReport[];
  /** Of the decoder of a promptable model. */
  readonly decoderPlaces: readonly PlaceReport[];
  readonly runs: readonly RunReport[];
  readonly faults: readonly Fault[];
}

export interface GraphSummary {
  readonly producer: string;
  readonly opsets: Readonly<Record<string, number>>;
  readonly nodes: number;
  readonly weights: number;
  readonly bytes: number;
  /** Bytes that a call takes at the least, weights included, for windows of the manifest's size or the self-test's. */
  readonly memory: number;
  /** `name type [shape]`. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}
