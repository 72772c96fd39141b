import { isOverreadError } from '@overread/core/errors';
import {
  placements,
  rewriteForTarget,
  type InputShapes,
  type ModelProto,
  type Placement,
  type Skipped,
} from '@overread/core/graph';
import type { Place, PlaceReport } from './report.ts';
import { named } from './texts.ts';

const places: readonly Place[] = ['webgpu', 'node-gpu', 'wasm', 'node-cpu'];

/** What would run where at each place, rewritten for it. @param shapes of the inputs, as far as they are known */
export function placeReports(model: ModelProto, shapes: InputShapes): readonly PlaceReport[] {
  return places.map((place) => placeReport(model, place, shapes));
}

function placeReport(model: ModelProto, place: Place, shapes: InputShapes): PlaceReport {
  try {
    const { model: rewritten, applied, skipped } = rewriteForTarget(model, place, { inputShapes: shapes });
    const placed = placements(rewritten, place, shapes);
    return { place, nodes: countsOf(placed), rewritten: applied, notes: [...elsewhere(placed), ...unhelped(skipped)] };
  } catch (error) {
    if (!isOverreadError(error)) throw error;
    const fails = model.graph?.node.length ?? 0;
    return { place, nodes: { gpu: 0, cpu: 0, fails }, rewritten: [], notes: [error.message] };
  }
}

function countsOf(placed: readonly Placement[]): PlaceReport['nodes'] {
  const count = (where: Placement['where']) => placed.filter((node) => node.where === where).length;
  return { gpu: count('gpu'), cpu: count('cpu'), fails: count('fails') };
}

const whereText = { gpu: 'on the GPU', cpu: 'on the processor', fails: 'fails' } as const;

/** Kinds of operators that one line names. */
const mostKinds = 12;

/** One line for all nodes that are elsewhere for one reason: `36 Squeeze, 12 Sub on the processor: why`. */
function elsewhere(placed: readonly Placement[]): readonly string[] {
  const reasons = new Map<string, Map<string, number>>();
  for (const { opType, where, because } of placed) {
    if (because === null) continue;
    const reason = `${whereText[where]}: ${because}`;
    const kinds = reasons.get(reason) ?? new Map<string, number>();
    reasons.set(reason, kinds.set(opType, (kinds.get(opType) ?? 0) + 1));
  }
  return [...reasons].map(([reason, kinds]) => {
    const most = [...kinds].sort(([, a], [, b]) => b - a);
    const shown = most.slice(0, mostKinds).map(([opType, count]) => (count === 1 ? opType : `${count} ${opType}`));
    const others = most.length - shown.length;
    return `${shown.join(', ')}${others === 0 ? '' : ` and ${others} more kinds`} ${reason}`;
  });
}

/** One line for all nodes that a pass cannot help for one reason. */
function unhelped(skipped: readonly Skipped[]): readonly string[] {
  const reasons = new Map<string, { readonly pass: string; readonly because: string; readonly nodes: string[] }>();
  for (const { pass, node, because } of skipped) {
    const key = `${pass} ${because}`;
    const same = reasons.get(key) ?? { pass, because, nodes: [] };
    reasons.set(key, same);
    same.nodes.push(node);
  }
  return [...reasons.values()].map(({ pass, because, nodes }) => `${pass} cannot rewrite ${named(nodes)}: ${because}`);
}
