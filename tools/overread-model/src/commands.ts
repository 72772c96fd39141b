import { check } from './check/command.ts';
import { importModel } from './import/command.ts';
import { init } from './init/command.ts';
import { pack, unpack } from './package/commands.ts';
import { selftest } from './selftest/command.ts';
import type { Terminal } from './terminal.ts';

/** Runs with what stands behind its name. @returns the exit status. */
type Command = (args: readonly string[], terminal: Terminal) => Promise<number>;

export const commands: Readonly<Record<string, Command>> = {
  init,
  selftest,
  check,
  pack,
  unpack,
  import: importModel,
};
