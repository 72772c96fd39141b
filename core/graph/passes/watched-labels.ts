import type { NodeProto } from '../onnx/types.ts';
import { createValueInfo } from '../create.ts';
import type { GraphEdit } from '../rewrite/edit.ts';
import { nodeTitle, type Applied, type Pass } from '../rewrite/pass.ts';
import { standardDomain } from '../standard-domain.ts';
import { saysNotFinite } from './slab-labels.ts';

/** A sum that a rewritten graph gives beside its outputs: NaN where values were, from which an output was chosen. */
export interface WatchedValue {
  /** The output that would look as good as any other. */
  readonly output: string;
  /** Name of the output that was added, a scalar. */
  readonly sum: string;
}

const name = 'watched-labels';

/** What makes whole numbers of floats, NaN or not: what comes after them does not tell. */
const choosing = new Set('ArgMax ArgMin Cast Greater GreaterOrEqual Less LessOrEqual TopK'.split(' '));
/** What hands floats on that labels were turned into. */
const carrying = new Set('Add Cast Concat Identity Mul Reshape Squeeze Sub Transpose Unsqueeze Where'.split(' '));
/** What looks at no value of its input. */
const blind = new Set('IsInf IsNaN Shape Size'.split(' '));

/**
 * Where an output is chosen inside the graph (ArgMax, a threshold, a rounding Cast), the floats that it was chosen from are summed up, and the
 * sum becomes an output: NaN anywhere makes it NaN, as do infinities of both signs. Labels from NaN look like any others: no comparison with
 * NaN holds, so that they come out as the first class. The sum costs one reading of the values: at most 1.5 % of a MeshNet or U-Net.
 */
export const watchedLabels: Pass = {
  name,
  run(edit) {
    const applied: Applied[] = [];
    const watched: WatchedValue[] = [];
    const sums = new Map<string, NodeProto>();
    const budget = { steps: mostSteps };
    for (const { name: output, metadataProps } of edit.outputs) {
      if (metadataProps.some(({ key }) => key === saysNotFinite)) continue;
      for (const { value, node } of chosenFrom(edit, output, budget)) {
        let sum = sums.get(value);
        if (sum === undefined) {
          // All axes: what a ReduceSum without axes adds up in every operator set.
          sum = edit.node('ReduceSum', [value], { keepdims: 0 }, edit.freshName(`${value}/sum`));
          sums.set(value, sum);
          applied.push({
            pass: name,
            node: nodeTitle(node),
            what: 'itself, with the sum of what it chooses from as an output',
          });
        }
        watched.push({ output, sum: sum.output[0]! });
      }
    }
    edit.nodes = [...edit.nodes, ...sums.values()];
    edit.outputs = [
      ...edit.outputs,
      ...[...sums].map(([value, { output }]) =>
        createValueInfo(output[0]!, edit.valueType(value).type ?? 'float32', []),
      ),
    ];
    return { applied, skipped: [], detached: [], watched };
  },
};

/** Values that are looked at on the way back from all outputs together: real networks have a few behind each choice. */
const mostSteps = 2 ** 18;

interface Choice {
  readonly value: string;
  readonly node: NodeProto;
}

/** The floats that become whole numbers on their way to an output, by walking back from it. */
function chosenFrom(edit: GraphEdit, output: string, budget: { steps: number }): readonly Choice[] {
  const found: Choice[] = [];
  const seen = new Set<string>();
  const ahead = [output];
  for (let value = ahead.pop(); value !== undefined && budget.steps-- > 0; value = ahead.pop()) {
    const node = edit.maker(value);
    if (seen.has(value) || node === undefined || blind.has(node.opType)) continue;
    seen.add(value);
    budget.steps -= node.input.length;
    const makesFloats = isFloat(edit, value);
    const { opType } = node;
    if (!standardDomain(node.domain) || (makesFloats && !carrying.has(opType))) continue;
    for (const input of node.input) {
      if (input === '' || edit.constant(input) !== null) continue;
      if (makesFloats || !isFloat(edit, input)) ahead.push(input);
      else if (choosing.has(opType)) found.push({ value: input, node });
    }
  }
  return found;
}

/** Of a type whose sum may be asked for. */
function isFloat(edit: GraphEdit, value: string): boolean {
  const { type } = edit.valueType(value);
  return type === 'float32' || type === 'float16';
}
