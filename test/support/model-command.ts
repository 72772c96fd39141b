import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../tools/overread-model/src/run.ts';

export interface CommandResult {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `overread-model` with these arguments and answers what it said. */
export async function overreadModel(...args: readonly string[]): Promise<CommandResult> {
  const lines: { out: string[]; err: string[] } = { out: [], err: [] };
  const status = await run(args, { out: (text) => lines.out.push(text), err: (text) => lines.err.push(text) });
  return { status, out: lines.out.join('\n'), err: lines.err.join('\n') };
}

/** A temporary folder for the time of `work`. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'overread-package-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
