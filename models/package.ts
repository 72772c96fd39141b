import type { ManifestSource } from '@overread/core/model';

/** What a manifest says that only a build can know. */
type BuiltFacts = 'graph' | 'selfTest';

/** One reference model: a program in place of a file of weights. */
export interface ModelSource {
  /** The manifest without what is worked out from the built graph. */
  readonly manifest: Omit<ManifestSource, BuiltFacts>;
  /** The ONNX graph; the same bytes at every call. */
  readonly graph: () => Uint8Array;
  /** Input of the self-test; its answer is recorded by the build. */
  readonly selfTest: Omit<ManifestSource['selfTest'], 'expected'>;
  /** Values recorded. */
  readonly selfTestCount: number;
  /** The folder with `card.md`. */
  readonly folder: string;
}
