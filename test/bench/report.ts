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
  /** Least and greatest of the values that `value` is the median of. */
  readonly spread?: readonly [number, number];
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

/** The median of what repetitions gave, with its spread. */
export function medianOf(id: string, values: readonly number[], unit: string, aim: Aim | null = null): Measure {
  return { id, value: median(values), unit, aim, spread: [Math.min(...values), Math.max(...values)] };
}

function met({ value, aim }: Measure): boolean | null {
  if (aim === null) return null;
  return aim.op === '<=' ? value <= aim.value : value >= aim.value;
}

const shown = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString();

/** Prints the table for people and, as the last line, one JSON object for programs. */
export function printReport(bench: string, measures: readonly Measure[]): void {
  printHeading(bench);
  printTable(measures);
  printJson(bench, measures);
}

export function printHeading(bench: string): void {
  console.log(`\n${bench} on ${machineName()}\n`);
}

export function printJson(bench: string, measures: readonly Measure[]): void {
  const report: BenchReport = {
    bench,
    machine: machineName(),
    measures: measures.map((measure) => ({ ...measure, met: met(measure) })),
  };
  console.log(`\n${JSON.stringify(report)}`);
}

/** A line for each measure: its median, the spread, and what was aimed at. */
export function printTable(measures: readonly Measure[]): void {
  const width = Math.max(...measures.map(({ id }) => id.length));
  for (const measure of measures) {
    const { id, value, unit, aim, spread } = measure;
    const between = spread === undefined ? '' : `${shown(spread[0])} to ${shown(spread[1])}`;
    const verdict = aim === null ? '' : `aim ${aim.op} ${aim.value}${met(measure) === true ? ', met' : ', NOT met'}`;
    console.log(`${id.padEnd(width)}  ${shown(value).padStart(8)} ${unit.padEnd(8)}  ${between.padEnd(18)} ${verdict}`);
  }
}
