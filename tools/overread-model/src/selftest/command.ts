import { loadModel } from '@overread/core/model';
import { selfTestDifference } from '@overread/core/pipeline';
import { readOptions, UsageError } from '../options.ts';
import { packageFiles } from '../package/read-package.ts';
import { onNode } from '../runtimes.ts';
import { exitStatus, type Terminal } from '../terminal.ts';
import { recordSelfTest } from './record.ts';

export async function selftest(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals, text, flags } = readOptions(args, 1, { text: ['tolerance'], flags: ['record'] });
  const folder = positionals[0]!;
  const tolerance = toleranceOf(text.tolerance);
  if (flags.record) {
    const { selfTest } = await recordSelfTest(folder, tolerance === null ? {} : { tolerance });
    const { expected } = selfTest;
    terminal.out(`${expected.length} values recorded, from ${Math.min(...expected)} to ${Math.max(...expected)}`);
    return exitStatus.clean;
  }
  const model = await loadModel(await packageFiles(folder));
  const allowed = tolerance ?? model.manifest.selfTest.tolerance;
  const largest = await selfTestDifference(model, onNode());
  const passed = largest <= allowed;
  terminal.out(`${passed ? 'passed' : 'FAILED'}: largest difference ${largest.toPrecision(3)}, allowed ${allowed}`);
  return passed ? exitStatus.clean : exitStatus.errors;
}

function toleranceOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new UsageError('--tolerance takes a number above 0');
}
