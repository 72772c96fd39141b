import { loadModel } from '@overread/core/model';
import { selfTestDifferences } from '@overread/core/pipeline';
import { readOptions, UsageError } from '../options.ts';
import { packageFiles } from '../package/read-package.ts';
import { onNode } from '../runtimes.ts';
import { exitStatus, type Terminal } from '../terminal.ts';
import { differenceText } from './difference-text.ts';
import { recordSelfTest } from './record.ts';

export async function selftest(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals, text, flags } = readOptions(args, 1, { text: ['tolerance'], flags: ['record'] });
  const folder = positionals[0]!;
  const tolerance = toleranceOf(text.tolerance);
  if (flags.record) {
    const { selfTest } = await recordSelfTest(folder, tolerance === null ? {} : { tolerance });
    const { expected, outputs = [], decoder } = selfTest;
    terminal.out(`${expected.length} values recorded, from ${Math.min(...expected)} to ${Math.max(...expected)}`);
    for (const { name, expected: values } of outputs) {
      terminal.out(`${values.length} of output '${name}', from ${Math.min(...values)} to ${Math.max(...values)}`);
    }
    if (decoder !== undefined) {
      const { expected: masks } = decoder;
      terminal.out(`${masks.length} of its masks, from ${Math.min(...masks)} to ${Math.max(...masks)}`);
    }
    return exitStatus.clean;
  }
  const model = await loadModel(await packageFiles(folder));
  const differences = (await selfTestDifferences(model, onNode())).map((difference) => {
    const allowed = tolerance ?? difference.tolerance;
    return { ...difference, tolerance: allowed, passed: difference.largest <= allowed };
  });
  for (const difference of differences) {
    terminal.out(`${difference.passed ? 'passed' : 'FAILED'}: ${differenceText(difference)}`);
  }
  return differences.every(({ passed }) => passed) ? exitStatus.clean : exitStatus.errors;
}

function toleranceOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new UsageError('--tolerance takes a number above 0');
}
