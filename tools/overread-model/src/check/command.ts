import { readOptions } from '../options.ts';
import { packageFiles } from '../package/read-package.ts';
import { exitStatus, type Terminal } from '../terminal.ts';
import { checkPackage } from './check-package.ts';
import { reportText } from './report-text.ts';

export async function check(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals, flags } = readOptions(args, 1, { flags: ['json', 'no-run'] });
  const path = positionals[0]!;
  const report = await checkPackage(path, await packageFiles(path), { run: !flags['no-run'] });
  terminal.out(flags.json ? JSON.stringify(report, null, 2) : reportText(report));
  return report.faults.some(({ severity }) => severity === 'error') ? exitStatus.errors : exitStatus.clean;
}
