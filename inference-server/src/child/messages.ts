import type { RuntimeKind } from '@overread/core/analysis';
import type { Progress, RuledOut } from '@overread/core/pipeline';
import type { WireError } from '@overread/core/protocol';
import type { ArchiveAddress } from '../dicomweb/archive.ts';
import type { GpuChoice } from '../inference/gpu-device.ts';
import type { Packed, Task } from '../jobs/job.ts';

/** What the process that computes is sent for each run. Credentials travel here, not in its arguments, where others could read them. */
export interface ChildTask {
  readonly job: Task;
  readonly modelFolder: string;
  readonly archive: ArchiveAddress;
  readonly threads: number;
  readonly gpu: GpuChoice;
  /** Self-tests that passed on this machine since the server started, as the child named them. */
  readonly passedSelfTests: readonly string[];
  /** What an earlier process ended over. */
  readonly ruledOut: RuledOut;
}

/** How the model is about to be run: what to rule out should the process end over it. */
export interface Attempt {
  readonly runtime: RuntimeKind;
  /** Size of the windows; null where there are none. */
  readonly window: string | null;
  /** Smaller windows are left to try. */
  readonly smaller: boolean;
}

/** What it sends back; `done` or `failed` is the last of a run. Both ends are the same version. */
export type ChildReply =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'self-test-passed'; readonly test: string }
  | { readonly kind: 'attempt'; readonly attempt: Attempt }
  | { readonly kind: 'done'; readonly packed: Packed; readonly heldBytes: number }
  | { readonly kind: 'failed'; readonly error: WireError; readonly heldBytes: number };
