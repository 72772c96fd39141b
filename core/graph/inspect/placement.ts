import { inferValues, type InputShapes } from '../inference/infer.ts';
import type { ValueType } from '../inference/value-type.ts';
import type { ModelProto } from '../onnx/types.ts';
import { groupsOf } from '../passes/transposed-geometry.ts';
import { nodeTitle } from '../rewrite/pass.ts';
import type { Target } from '../rewrite/target.ts';
import { allNodes, type PlacedNode } from '../walk.ts';
import { standardDomain } from './inspect-model.ts';
import { valueless, webgpuOperators, webgpuTypes } from './webgpu-facts.ts';

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
  const values = model.graph === undefined ? new Map() : inferValues(model.graph, inputShapes);
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
    return { ...base, ...(gpu ? onWebgpu(placed, values) : { where: 'cpu' as const, because: null }) };
  });
}

/** Operator sets that ONNX Runtime brings along. */
const knownDomains = new Set(['com.microsoft', 'ai.onnx.ml']);

type Verdict = Pick<Placement, 'where' | 'because'>;

function onWebgpu({ node, path }: PlacedNode, values: ReadonlyMap<string, ValueType>): Verdict {
  const { opType, domain } = node;
  if (valueless.has(opType)) return { where: 'cpu', because: 'it only moves or describes values' };
  if (!standardDomain(domain)) return { where: 'cpu', because: 'it may have no WebGPU kernel' };
  if (!webgpuOperators.has(opType)) return { where: 'cpu', because: 'it has no WebGPU kernel' };
  // Values of subgraphs are not inferred.
  const inputs = path.length > 0 ? [] : node.input.map((name) => values.get(name));
  const fault = threeDimensional(inputs) ? faultIn3d(opType, groupsOf(node)) : null;
  if (fault !== null) return { where: 'fails', because: fault };
  const type = inputs[0]?.type ?? null;
  if (type !== null && !webgpuTypes.has(type)) return { where: 'cpu', because: `WebGPU does not compute with ${type}` };
  return { where: 'gpu', because: null };
}

function threeDimensional(inputs: readonly (ValueType | undefined)[]): boolean {
  return (inputs[1]?.shape ?? inputs[0]?.shape)?.length === 5;
}

/** Kernels that take the node and then fail at run time; they do not fall back. */
function faultIn3d(opType: string, group: number): string | null {
  if (opType === 'ConvTranspose') return '3-D ConvTranspose fails at run time';
  return opType === 'Conv' && group > 1 ? 'grouped 3-D Conv fails at run time' : null;
}
