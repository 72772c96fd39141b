import { OverreadError } from '../errors/index.ts';
import type { GraphProto, ModelProto, TensorProto } from './onnx/types.ts';
import { expectedValues, storedValues } from './tensor/storage.ts';
import { shapeOf } from './tensor/shape.ts';
import { allGraphs, allTensors } from './walk.ts';

/**
 * What code past the door may rely on: there is a graph and a version of the standard operators, every value has one
 * maker, every tensor holds exactly the values that its shape says, inside the file. Whether operators fit each other is
 * the runtime's to say.
 * @throws OverreadError `graph.damaged`, `graph.external-data`.
 */
export function checkModel(model: ModelProto): void {
  if (model.graph === undefined) throw damaged('it holds no graph');
  if (model.opsetImport.length === 0) throw damaged('it names no operator set');
  for (const tensor of allTensors(model)) checkTensor(tensor);
  for (const graph of allGraphs(model)) checkNames(graph);
}

function checkTensor(tensor: TensorProto): void {
  if (tensor.externalData.length > 0 || tensor.dataLocation === 1) {
    throw new OverreadError('graph.external-data', { why: `tensor ${shown(tensor.name)}` });
  }
  const shape = shapeOf(tensor);
  if (shape === null) throw damaged(`tensor ${shown(tensor.name)} has an impossible shape`);
  const expected = expectedValues(tensor, shape);
  if (expected === null) return;
  const stored = storedValues(tensor);
  if (stored !== expected.count) {
    const unit = expected.unit;
    throw damaged(
      `tensor ${shown(tensor.name)} of shape [${shape.join(', ')}] holds ${stored} ${unit} instead of ${expected.count}`,
    );
  }
}

function checkNames(graph: GraphProto): void {
  const initialisers = new Set<string>();
  for (const { name } of graph.initializer) {
    if (initialisers.has(name)) throw damaged(`initialiser ${shown(name)} stands twice`);
    initialisers.add(name);
  }
  // An initialiser may also be an input (its default, and until IR version 3 always so), but no node makes it.
  const made = new Set<string>();
  const make = (name: string): void => {
    if (made.has(name)) throw damaged(`value ${shown(name)} is made twice`);
    made.add(name);
  };
  for (const { name } of graph.input) make(name);
  for (const name of graph.node.flatMap(({ output }) => output)) {
    if (name === '') continue;
    if (initialisers.has(name)) throw damaged(`value ${shown(name)} is made twice`);
    make(name);
  }
}

function damaged(why: string): OverreadError {
  return new OverreadError('graph.damaged', { why });
}

/** A name as an error may repeat it: it comes from the file, so it is cut short. */
function shown(name: string): string {
  return name.length > 60 ? `"${name.slice(0, 57)}..."` : `"${name}"`;
}
