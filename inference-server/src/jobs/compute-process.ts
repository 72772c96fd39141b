import { fork, type ChildProcess } from 'node:child_process';
import { extname } from 'node:path';
import { OverreadError } from '@overread/core/errors';
import { errorFromWire } from '@overread/core/protocol';
import type { Attempt, ChildReply, ChildTask } from '../child/messages.ts';
import type { TaskEvents } from '../child/task-runner.ts';
import type { Packed } from './job.ts';

// The same file name as source and as compiled for the registry.
const program = new URL(`../child/main${extname(import.meta.url)}`, import.meta.url);

/** What came of one task. */
export interface TaskResult {
  readonly packed: Packed;
  /** Bytes that the process holds now. */
  readonly heldBytes: number;
}

/** A process that computes one task after another. Whatever happens to it, the server stays up and each result settles. */
export class ComputeProcess {
  readonly #child: ChildProcess;
  readonly #settled: Promise<OverreadError>;
  #cancelled = false;
  /** How the task now running is being run; null before that is settled. */
  attempt: Attempt | null = null;

  constructor() {
    const child = fork(program, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.#child = child;
    let complaint = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-2000);
    });
    this.#settled = new Promise((resolve) => {
      child.once('error', (cause) => resolve(new OverreadError('worker.crashed', { why: cause.message, cause })));
      child.once('close', (code, signal) => resolve(crash(code, signal, complaint)));
    });
  }

  /** False once it ended, for whatever reason. */
  get alive(): boolean {
    return (
      !this.#cancelled && this.#child.exitCode === null && this.#child.signalCode === null && this.#child.connected
    );
  }

  /**
   * Runs a task. One at a time.
   * @throws OverreadError what the task throws, with the memory then held in its details; `run.cancelled` after `end`;
   *   `worker.crashed`, `runtime.out-of-memory` where the process ended over it
   */
  run(task: ChildTask, events: Omit<TaskEvents, 'onAttempt'>): Promise<TaskResult> {
    const child = this.#child;
    this.attempt = null;
    return new Promise((resolve, reject) => {
      const settle = (then: () => void) => {
        child.off('message', receive);
        then();
      };
      const receive = (reply: ChildReply) => {
        switch (reply.kind) {
          case 'progress':
            events.onProgress(reply.progress);
            break;
          case 'self-test-passed':
            events.onSelfTestPassed(reply.test);
            break;
          case 'attempt':
            this.attempt = reply.attempt;
            break;
          case 'done':
            settle(() => resolve({ packed: reply.packed, heldBytes: reply.heldBytes }));
            break;
          case 'failed':
            settle(() => reject(errorFromWire(reply.error)));
            break;
        }
      };
      child.on('message', receive);
      void this.#settled.then((error) => {
        settle(() => reject(this.#cancelled ? new OverreadError('run.cancelled') : error));
      });
      child.send(task, (cause) => {
        if (cause !== null) settle(() => reject(new OverreadError('worker.crashed', { why: cause.message, cause })));
      });
    });
  }

  /** Ends it at once, whatever it is doing. Resolves when it is gone. */
  async end(): Promise<void> {
    this.#cancelled = true;
    this.#child.kill('SIGKILL');
    await this.#settled;
  }
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
