import { cpus, totalmem } from 'node:os';

/** What a benchmark promises: at most, or at least. */
export interface Aim {
  readonly op: '<=' | '>=';
  readonly value: number;
}

export interface Measure {
  readonly id: string;
  readonly value: number;
  readonly unit: string;
  readonly aim: Aim | null;
}

interface BenchReport {
  readonly bench: string;
  readonly machine: string;
  readonly measures: readonly (Measure & { readonly met: boolean | null })[];
}

function machineName(): string {
  const processors = cpus();
  return `${processors[0]?.model.trim() ?? 'unknown processor'}, ${processors.length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) throw new Error('No values to take the median of.');
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function met({ value, aim }: Measure): boolean | null {
  if (aim === null) return null;
  return aim.op === '<=' ? value <= aim.value : value >= aim.value;
}

const shown = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString();

/** Prints the table for people and, as the last line, one JSON object for programs. */
export function printReport(bench: string, measures: readonly Measure[]): void {
  const report: BenchReport = {
    bench,
    machine: machineName(),
    measures: measures.map((measure) => ({ ...measure, met: met(measure) })),
  };
  const width = Math.max(...measures.map(({ id }) => id.length));
  console.log(`\n${bench} on ${report.machine}\n`);
  for (const { id, value, unit, aim, met: reached } of report.measures) {
    const verdict = aim === null ? '' : `aim ${aim.op} ${aim.value}${reached === true ? ', met' : ', NOT met'}`;
    console.log(`${id.padEnd(width)}  ${shown(value).padStart(10)} ${unit.padEnd(8)} ${verdict}`);
  }
  console.log(`\n${JSON.stringify(report)}`);
}
