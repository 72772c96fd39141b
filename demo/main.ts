import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isOverreadError } from '@overread/core/errors';
import { SetupError } from '../scripts/setup.mjs';
import { startDemo, type RunningDemo } from './demo.ts';
import { readOptions } from './options.ts';

/** How long a stop may take before the process ends regardless. */
const patience = 5000;

let demo: RunningDemo | null = null;
const stopping = new AbortController();

function stop(): void {
  if (stopping.signal.aborted) return;
  stopping.abort();
  setTimeout(() => process.exit(), patience).unref();
  void Promise.resolve(demo?.stop()).finally(() => process.exit());
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
// The parent holds the other end of this channel: when it is gone, so is whoever wanted the demo.
process.on('disconnect', stop);

try {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options === null) {
    process.stdout.write(readFileSync(join(import.meta.dirname, 'usage.txt')));
    if (process.connected) process.disconnect();
  } else {
    demo = await startDemo(options, (line) => console.log(line));
    console.log(`\nOverread is ready: ${demo.url}\nResearch use only. Ctrl-C ends everything.`);
    process.send?.({ ready: demo.url });
  }
} catch (error) {
  const isExpected = isOverreadError(error) || error instanceof SetupError;
  console.error(isExpected ? error.message : error);
  if (isOverreadError(error)) console.error(error.remedy);
  process.exit(1);
}
