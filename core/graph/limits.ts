/** What an ONNX file may cost before it is refused. Real networks stay far below all but the first. */
export interface GraphLimits {
  /** Of the file; 2 GiB is where protobuf itself ends. */
  readonly bytes: number;
  /** All graphs, subgraphs and functions together. */
  readonly nodes: number;
  /** How deep graphs stand in attributes of nodes of graphs (If, Loop, Scan); the outermost is 1. */
  readonly graphDepth: number;
  /** Messages, strings and unknown fields: everything that costs an object when read. */
  readonly parts: number;
}

export const defaultLimits: GraphLimits = { bytes: 2 ** 31 - 1, nodes: 100_000, graphDepth: 12, parts: 4_000_000 };
