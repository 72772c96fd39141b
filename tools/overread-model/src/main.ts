#!/usr/bin/env node
import { run } from './run.ts';
import { printable } from './terminal.ts';

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => process.stdout.write(`${printable(text)}\n`),
  err: (text) => process.stderr.write(`${printable(text)}\n`),
});
