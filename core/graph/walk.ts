import { subgraphs } from './attribute.ts';
import type { GraphProto, ModelProto, NodeProto, TensorProto } from './onnx/types.ts';

/** A node, and the graph path that leads to it: [] in the main graph, else the names of the nodes or functions around it. */
export interface PlacedNode {
  readonly node: NodeProto;
  readonly path: readonly string[];
}

/** Every node: of the main graph, of subgraphs in attributes, and of functions, each in the order of the file. */
export function* allNodes(model: ModelProto): Generator<PlacedNode> {
  if (model.graph !== undefined) yield* nodesOf(model.graph.node, []);
  for (const { name, node } of model.functions) yield* nodesOf(node, [name]);
}

function* nodesOf(nodes: readonly NodeProto[], path: readonly string[]): Generator<PlacedNode> {
  for (const node of nodes) {
    yield { node, path };
    const inner = [...path, node.name === '' ? node.opType : node.name];
    for (const graph of node.attribute.flatMap(subgraphs)) yield* nodesOf(graph.node, inner);
  }
}

/** Every graph: the main one, then those in attributes. */
export function* allGraphs(model: ModelProto): Generator<GraphProto> {
  if (model.graph !== undefined) yield model.graph;
  for (const { node } of allNodes(model)) yield* node.attribute.flatMap(subgraphs);
}

/** Every tensor with values: initialisers and tensor attributes (Constant and its like). */
export function* allTensors(model: ModelProto): Generator<TensorProto> {
  for (const graph of allGraphs(model)) yield* graph.initializer;
  for (const { node } of allNodes(model)) {
    for (const attribute of node.attribute) {
      if (attribute.t !== undefined) yield attribute.t;
      yield* attribute.tensors;
    }
  }
}
