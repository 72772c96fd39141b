import { checkFiles, ruleList } from './check.ts';

/** Where the program talks to. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Exit status of the program. */
export const exitStatus = { clean: 0, errors: 1, unusable: 2 } as const;

const usage = `overread-dicom check [--json] FILE…   checks stored AI results (SR, SEG, PM, PR, SC, KO); folders are searched
overread-dicom rules                 lists the rules

Exit status: 0 no errors (warnings may stand), 1 errors, 2 a file could not be read, or the command was not understood.`;

/** The program, less the process around it. @returns the exit status. */
export function run(args: readonly string[], terminal: Terminal): number {
  const [command, ...rest] = args;
  if (command === 'rules' && rest.length === 0) {
    terminal.out(ruleList());
    return exitStatus.clean;
  }
  const unknown = rest.find((arg) => arg.startsWith('-') && arg !== '--json');
  const paths = rest.filter((arg) => !arg.startsWith('-'));
  if (command === 'check' && unknown === undefined && paths.length > 0) {
    return checkFiles(paths, rest.includes('--json'), terminal);
  }
  const asked = command === undefined || command === 'help' || command === '--help';
  if (asked) terminal.out(usage);
  else terminal.err(usage);
  return asked ? exitStatus.clean : exitStatus.unusable;
}
