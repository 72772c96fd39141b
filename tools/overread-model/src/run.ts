import { isOverreadError } from '@overread/core/errors';
import { commands } from './commands.ts';
import { UsageError } from './options.ts';
import { exitStatus, type Terminal } from './terminal.ts';
import { usage } from './usage.ts';

/** The program, less the process around it. @returns the exit status. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || rest.includes('--help')) {
    terminal.out(usage);
    return exitStatus.clean;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  try {
    if (command === undefined) throw new UsageError(`there is no command '${name}'`);
    return await command(rest, terminal);
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.err(`${error.message}\nSee overread-model --help.`);
      return exitStatus.unusable;
    }
    if (!isOverreadError(error)) throw error;
    const isMissing = error.code === 'model.file-missing';
    // The table's remedy is for who looks at a site.
    terminal.err(`${error.message}\n${isMissing ? 'Check the path.' : error.remedy}`);
    return isMissing ? exitStatus.unusable : exitStatus.errors;
  }
}
