import { intAttribute } from '../attribute.ts';
import { inferValues, type InputShapes } from '../inference/infer.ts';
import type { ValueType } from '../inference/value-type.ts';
import { elementTypeOf } from '../onnx/element-type.ts';
import type { ModelProto } from '../onnx/types.ts';
import { groupsOf } from '../passes/transposed-geometry.ts';
import { nodeTitle } from '../rewrite/pass.ts';
import type { Target } from '../rewrite/target.ts';
import { standardDomain, standardOpset } from '../standard-domain.ts';
import { allNodes, type PlacedNode } from '../walk.ts';
import { lastOperatorSet, webgpuOperators, webgpuTypes } from './webgpu-facts.ts';

/** Where a node will run: `fails` means that the session stops with an error, at load or when run. */
export type Where = 'gpu' | 'cpu' | 'fails';

export interface Placement {
  readonly node: string;
  readonly opType: string;
  /** Nodes and functions around it, outermost first; [] in the main graph. */
  readonly path: readonly string[];
  readonly where: Where;
  /** Why not on the target's own device; null where it is. */
  readonly because: string | null;
}

/**
 * Where each node of a model will run on a target, from what is known of ONNX Runtime 1.30. A forecast: what is not
 * known to fail is said to run.
 */
export function placements(model: ModelProto, target: Target, inputShapes: InputShapes = {}): readonly Placement[] {
  const values = model.graph === undefined ? new Map<string, ValueType>() : inferValues(model.graph, inputShapes);
  const known = { values, opset: standardOpset(model) };
  const functions = new Set(model.functions.map(({ domain, name }) => `${domain}:${name}`));
  const gpu = target === 'webgpu' || target === 'node-gpu';
  return Array.from(allNodes(model), (placed) => {
    const { node, path } = placed;
    const { domain, opType } = node;
    const base = { node: nodeTitle(node), opType, path };
    if (functions.has(`${domain}:${opType}`)) return { ...base, where: gpu ? 'gpu' : 'cpu', because: null };
    if (!standardDomain(domain) && !knownDomains.has(domain)) {
      return { ...base, where: 'fails', because: `ONNX Runtime knows no operators of ${domain}` };
    }
    return { ...base, ...(gpu ? onWebgpu(placed, known) : { where: 'cpu' as const, because: null }) };
  });
}

/** Operator sets that ONNX Runtime brings along. */
const knownDomains = new Set(['com.microsoft', 'ai.onnx.ml']);

type Verdict = Pick<Placement, 'where' | 'because'>;

/** What a verdict on WebGPU rests on. */
interface Known {
  readonly values: ReadonlyMap<string, ValueType>;
  readonly opset: number;
}

function onWebgpu({ node, path }: PlacedNode, { values, opset }: Known): Verdict {
  const { opType, domain } = node;
  if (!standardDomain(domain)) return { where: 'cpu', because: 'it may have no WebGPU kernel' };
  // Constants are taken out of the graph when it is loaded.
  if (opType === 'Constant') return { where: 'gpu', because: null };
  if (!webgpuOperators.has(opType)) return { where: 'cpu', because: 'it has no WebGPU kernel' };
  const last = lastOperatorSet.get(opType);
  if (last !== undefined && opset > last) {
    return { where: 'cpu', because: `its WebGPU kernel ends at operator set ${last}` };
  }
  // Values of subgraphs are not inferred.
  const inputs = path.length > 0 ? [] : node.input.map((name) => values.get(name));
  const fault = threeDimensional(inputs) ? faultIn3d(opType, groupsOf(node)) : null;
  if (fault !== null) return { where: 'fails', because: fault };
  // ArgMax gives int64 all the same, and what reads it follows it to the CPU.
  const target = opType === 'Cast' ? elementTypeOf(intAttribute(node, 'to', 0)) : null;
  const type = [inputs[0]?.type ?? null, target].find((each) => each !== null && !webgpuTypes.has(each)) ?? null;
  return type === null || opType === 'Shape'
    ? { where: 'gpu', because: null }
    : { where: 'cpu', because: `WebGPU does not compute with ${type}` };
}

function threeDimensional(inputs: readonly (ValueType | undefined)[]): boolean {
  return (inputs[1]?.shape ?? inputs[0]?.shape)?.length === 5;
}

/** Kernels that take the node and then fail at run time; they do not fall back. */
function faultIn3d(opType: string, group: number): string | null {
  if (opType === 'ConvTranspose') return '3-D ConvTranspose fails at run time';
  return opType === 'Conv' && group > 1 ? 'grouped 3-D Conv fails at run time' : null;
}
