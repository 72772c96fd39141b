import { fork } from 'node:child_process';
import { extname } from 'node:path';
import { OverreadError } from '@overread/core/errors';
import type { ProgressListener } from '@overread/core/pipeline';
import { errorFromWire, type PackedAnalysis } from '@overread/core/protocol';
import type { ChildReply, ChildTask } from '../child/messages.ts';

export interface Computation {
  /** Rejects with an OverreadError; `run.cancelled` after `cancel`. */
  readonly result: Promise<PackedAnalysis>;
  /** Ends the process at once. */
  cancel(): void;
}

/** What is told while a computation goes on. */
export interface ComputationEvents {
  readonly onProgress: ProgressListener;
  readonly onSelfTestPassed: (digest: string) => void;
}

// The same file name as source and as compiled for the registry.
const program = new URL(`../child/main${extname(import.meta.url)}`, import.meta.url);

/** Starts the process that computes. Whatever happens to it, the server stays up and the result settles. */
export function startComputation(task: ChildTask, events: ComputationEvents): Computation {
  const child = fork(program, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const cancelled = new AbortController();
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const result = new Promise<PackedAnalysis>((resolve, reject) => {
    child.on('message', (reply: ChildReply) => {
      switch (reply.kind) {
        case 'progress':
          events.onProgress(reply.progress);
          break;
        case 'self-test-passed':
          events.onSelfTestPassed(reply.digest);
          break;
        case 'done':
          resolve(reply.packed);
          break;
        case 'failed':
          reject(errorFromWire(reply.error));
          break;
      }
    });
    const failed = (cause: Error) => reject(new OverreadError('worker.crashed', { why: cause.message, cause }));
    child.once('error', failed);
    // Settles only what no message has settled before.
    child.once('close', (code, signal) => reject(crash(code, signal, complaint)));
    cancelled.signal.addEventListener('abort', () => reject(new OverreadError('run.cancelled')));
    child.send(task, (error) => {
      if (error !== null) failed(error);
    });
  });
  return {
    result,
    cancel() {
      cancelled.abort();
      child.kill('SIGKILL');
    },
  };
}

function crash(code: number | null, signal: string | null, complaint: string): OverreadError {
  // Node says so itself; the kernel's killer says nothing and sends SIGKILL.
  if (signal === 'SIGKILL' || /heap out of memory|bad_alloc/.test(complaint)) {
    return new OverreadError('runtime.out-of-memory', {
      why: `the process that computes was ended (${signal ?? code})`,
    });
  }
  return new OverreadError('worker.crashed', { why: signal === null ? `exit code ${code}` : `signal ${signal}` });
}
