import { ComputeProcess } from './compute-process.ts';

export interface WarmOptions {
  /** A process that holds more than this after its run is ended, bytes. */
  readonly mostBytes: number;
  /** How long an idle one is kept, milliseconds. */
  readonly keepFor: number;
}

/** The process that computed last, kept for the next run: its model, session and masks are at hand there. */
export class WarmProcess {
  readonly #options: WarmOptions;
  #idle: { readonly process: ComputeProcess; readonly timer: NodeJS.Timeout } | null = null;

  constructor(options: WarmOptions) {
    this.#options = options;
  }

  /** The one that was kept, else a new one. */
  take(): { readonly child: ComputeProcess; readonly kept: boolean } {
    const idle = this.#idle;
    this.#idle = null;
    clearTimeout(idle?.timer);
    return idle?.process.alive === true
      ? { child: idle.process, kept: true }
      : { child: new ComputeProcess(), kept: false };
  }

  /** Keeps a process that finished its run, unless it holds too much. */
  giveBack(process: ComputeProcess, heldBytes: number): void {
    this.release();
    if (!process.alive || heldBytes > this.#options.mostBytes) {
      void process.end();
      return;
    }
    const timer = setTimeout(() => this.release(), this.#options.keepFor);
    timer.unref();
    this.#idle = { process, timer };
  }

  /** Ends the kept one. */
  release(): void {
    const idle = this.#idle;
    this.#idle = null;
    clearTimeout(idle?.timer);
    void idle?.process.end();
  }
}
