import { isOverreadError, OverreadError, reasonOf } from '../errors/index.ts';
import { checkModel } from './check-model.ts';
import { defaultLimits, type GraphLimits } from './limits.ts';
import { modelTable } from './onnx/tables.ts';
import type { ModelProto } from './onnx/types.ts';
import { decode, type DecodeWatch } from './wire/decode.ts';

/**
 * An ONNX file as messages. Weights are views into `bytes`, which must not change while the model is in use. What the
 * messages do not describe is kept as unknown fields, so that writing gives a file of the same meaning.
 * @throws OverreadError `graph.damaged` (no ONNX file, or a broken one), `graph.over-limit`, `graph.external-data`.
 */
export function readModel(bytes: Uint8Array, limits: GraphLimits = defaultLimits): ModelProto {
  if (bytes.length > limits.bytes) throw overLimit('bytes', bytes.length, limits.bytes);
  const model = decodeModel(bytes, limits);
  checkModel(model);
  return model;
}

function decodeModel(bytes: Uint8Array, limits: GraphLimits): ModelProto {
  try {
    return decode(modelTable, bytes, watch(limits)) as ModelProto;
  } catch (error) {
    // The wire library throws plain errors, and only for what is not protobuf.
    if (isOverreadError(error)) throw error;
    throw new OverreadError('graph.damaged', { why: reasonOf(error), cause: error });
  }
}

/** A graph inside a graph stands three messages deeper: graph, node, attribute. */
const messagesPerGraph = 3;

function watch(limits: GraphLimits): DecodeWatch {
  let nodes = 0;
  let parts = 0;
  const part = (): void => {
    if (++parts > limits.parts) throw overLimit('parts', parts, limits.parts);
  };
  return {
    part,
    message(name, depth) {
      part();
      if (name === 'NodeProto' && ++nodes > limits.nodes) throw overLimit('nodes', nodes, limits.nodes);
      // A graph is message 1; what stands in its innermost node's tensors takes a few levels more.
      const graphs = Math.ceil(depth / messagesPerGraph);
      if (name === 'GraphProto' && graphs > limits.graphDepth) throw overLimit('depth', graphs, limits.graphDepth);
    },
  };
}

function overLimit(what: 'bytes' | 'nodes' | 'parts' | 'depth', found: number, limit: number): OverreadError {
  const name = { bytes: 'bytes', nodes: 'nodes', parts: 'parts', depth: 'graphs inside each other' }[what];
  return new OverreadError('graph.over-limit', {
    why: `${found} or more ${name}, of ${limit} at most`,
    details: { what, found, limit },
  });
}
