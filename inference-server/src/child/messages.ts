import type { Progress } from '@overread/core/pipeline';
import type { AnalysisRequest, PackedAnalysis, WireError } from '@overread/core/protocol';
import type { ArchiveAddress } from '../dicomweb/archive.ts';

/** What the process that computes is sent, once. Credentials travel here, not in its arguments, where others could read them. */
export interface ChildTask {
  readonly request: AnalysisRequest;
  readonly modelFolder: string;
  readonly archive: ArchiveAddress;
  readonly threads: number;
  /** Digests of the models whose self-test passed on this machine since the server started. */
  readonly passedSelfTests: readonly string[];
}

/** What it sends back; `done` or `failed` is the last. Both ends are the same version. */
export type ChildReply =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'self-test-passed'; readonly digest: string }
  | { readonly kind: 'done'; readonly packed: PackedAnalysis }
  | { readonly kind: 'failed'; readonly error: WireError };
