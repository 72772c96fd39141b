import { differenceText } from '../selftest/difference-text.ts';
import type { CheckReport, PlaceReport, RunReport } from './report.ts';
import { named, shortened } from './texts.ts';

/** A report for a person. */
export function reportText({ package: name, model, graph, places, decoderPlaces, runs, faults }: CheckReport): string {
  const lines = [model === null ? name : `${name}: ${model.id} ${model.version} (${model.digest.slice(0, 12)})`];
  if (graph !== null) {
    const opsets = Object.entries(graph.opsets).map(([domain, version]) => `${domain} ${version}`);
    const origin = [...opsets, ...(graph.producer === '' ? [] : [`made by ${graph.producer}`])].join(', ');
    lines.push(
      `graph: ${count(graph.nodes, 'node')}, ${count(graph.weights, 'weight')}, ${size(graph.bytes)}, ${origin}; a call takes at least ${size(graph.memory)} of memory`,
      ...graph.inputs.map((input) => `  in  ${input}`),
      ...graph.outputs.map((output) => `  out ${output}`),
    );
  }
  lines.push(...alike(places).flatMap((report) => placeLines(report)));
  lines.push(...alike(decoderPlaces).flatMap((report) => placeLines(report, 'decoder on ')), ...runs.map(runLine));
  const errors = faults.filter(({ severity }) => severity === 'error').length;
  lines.push(...faults.map(({ severity, part, message }) => `${severity} (${part}) ${message}`));
  lines.push(`${count(errors, 'error')}, ${count(faults.length - errors, 'warning')}`);
  return lines.join('\n');
}

/** Lines about a place that a person is shown; `--json` has all. */
const mostNotes = 40;

interface AlikePlaces extends Omit<PlaceReport, 'place'> {
  readonly names: string[];
}

/** Places of which the same is to be said, once. */
function alike(places: readonly PlaceReport[]): readonly AlikePlaces[] {
  const found = new Map<string, AlikePlaces>();
  for (const { place, ...report } of places) {
    const key = JSON.stringify(report);
    const same = found.get(key) ?? { ...report, names: [] };
    found.set(key, same);
    same.names.push(place);
  }
  return [...found.values()];
}

function placeLines({ names, nodes, rewritten, notes }: AlikePlaces, what = ''): readonly string[] {
  const where = [
    nodes.gpu > 0 ? `${nodes.gpu} on the GPU` : '',
    nodes.cpu > 0 ? `${nodes.cpu} on the processor` : '',
    nodes.fails > 0 ? `${nodes.fails} fail` : '',
  ].filter(Boolean);
  const rewriting = rewritten.length === 0 ? '' : `, ${rewritten.length} rewritten before`;
  return [
    `${what}${names.join(', ')}: ${where.join(', ') || 'no nodes'}${rewriting}`,
    ...shortened([...rewritingLines(rewritten), ...notes], mostNotes).map((note) => `  ${note}`),
  ];
}

/** Nodes of which the same became stand in one line, the first few by name. */
function rewritingLines(rewritten: PlaceReport['rewritten']): readonly string[] {
  const nodes = new Map<string, { readonly pass: string; readonly what: string; readonly names: string[] }>();
  for (const { pass, node, what } of rewritten) {
    const key = `${pass} ${what}`;
    const same = nodes.get(key) ?? { pass, what, names: [] };
    nodes.set(key, same);
    same.names.push(node);
  }
  return [...nodes.values()].map(
    ({ pass, what, names }) => `${pass}: ${named(names)} ${names.length === 1 ? 'becomes' : 'become'} ${what}`,
  );
}

function runLine({ place, passed, differences, milliseconds }: RunReport): string {
  const parts = differences.map(differenceText);
  return `self-test on ${place}: ${passed ? 'passed' : 'FAILED'}, ${parts.join(', ') || 'did not run'}, ${milliseconds} ms`;
}

function size(bytes: number): string {
  const [unit, name] = bytes < 1e6 ? [1e3, 'kB'] : bytes < 1e9 ? [1e6, 'MB'] : [1e9, 'GB'];
  return `${Number((bytes / unit).toPrecision(3))} ${name}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
