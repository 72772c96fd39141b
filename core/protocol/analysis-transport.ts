import type { Analysis } from '../analysis/index.ts';
import { OverreadError } from '../errors/index.ts';
import type { Grid } from '../geometry/index.ts';
import type { AnalysisDocument, ArrayReference } from './analysis-document.ts';

export type AnalysisArray = Uint8Array | Float32Array;

/** A document and the arrays it refers to, by name. */
export interface PackedAnalysis {
  readonly document: AnalysisDocument;
  readonly arrays: Readonly<Record<string, AnalysisArray>>;
}

/** Takes an analysis apart for a wire. Nothing is copied: the arrays are the analysis's own. */
export function packAnalysis(analysis: Analysis): PackedAnalysis {
  const { labelMaps, heatMaps, ...rest } = analysis;
  const arrays: Record<string, AnalysisArray> = {};
  const put = (name: string, array: AnalysisArray): ArrayReference => {
    arrays[name] = array;
    return { array: name, type: array instanceof Uint8Array ? 'uint8' : 'float32', length: array.length };
  };
  const document: AnalysisDocument = {
    ...rest,
    labelMaps: labelMaps.map((map, n) => ({ ...map, labels: put(`labels-${n}`, map.labels) })),
    heatMaps: heatMaps.map((map, n) => ({ ...map, values: put(`heat-map-${n}`, map.values) })),
  };
  return { document, arrays };
}

/**
 * Puts an analysis together again.
 *
 * @throws OverreadError `protocol.malformed` where an array is missing, of another type, or not of its grid's size
 */
export function unpackAnalysis({ document, arrays }: PackedAnalysis): Analysis {
  const { labelMaps, heatMaps, ...rest } = document;
  return {
    ...rest,
    labelMaps: labelMaps.map((map) => ({ ...map, labels: take(map.labels, map.grid, arrays, isBytes) })),
    heatMaps: heatMaps.map((map) => ({ ...map, values: take(map.values, map.grid, arrays, isFloats) })),
  };
}

/** Names of the arrays a document refers to, with what each must be. */
export function arraysOf(document: AnalysisDocument): readonly ArrayReference[] {
  return [...document.labelMaps.map(({ labels }) => labels), ...document.heatMaps.map(({ values }) => values)];
}

/** The array as octets for a wire: little-endian, as on every machine that runs Node or a browser. */
export function arrayToBytes(array: AnalysisArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/**
 * The octets of a wire as the array that was announced.
 *
 * @throws OverreadError `protocol.malformed` where the size is not the announced one
 */
export function arrayFromBytes(reference: ArrayReference, bytes: Uint8Array): AnalysisArray {
  const size = reference.type === 'uint8' ? 1 : 4;
  if (bytes.byteLength !== reference.length * size) {
    throw malformed(reference, `${bytes.byteLength} bytes came where ${reference.length * size} were announced`);
  }
  if (reference.type === 'uint8') return bytes;
  // A view needs an aligned start, which the received octets may lack in their buffer.
  const values = new Float32Array(reference.length);
  arrayToBytes(values).set(bytes);
  return values;
}

function take<T extends AnalysisArray>(
  reference: ArrayReference,
  grid: Grid,
  arrays: PackedAnalysis['arrays'],
  isType: (array: AnalysisArray) => array is T,
): T {
  const array = arrays[reference.array];
  const voxels = grid.dims[0] * grid.dims[1] * grid.dims[2];
  if (array === undefined) throw malformed(reference, 'it did not come');
  if (!isType(array)) throw malformed(reference, `it is no ${reference.type} array`);
  if (array.length !== reference.length || array.length !== voxels) {
    throw malformed(reference, `it has ${array.length} elements for a grid of ${voxels} voxels`);
  }
  return array;
}

const isBytes = (array: AnalysisArray): array is Uint8Array => array instanceof Uint8Array;
const isFloats = (array: AnalysisArray): array is Float32Array => array instanceof Float32Array;

function malformed(reference: ArrayReference, why: string): OverreadError {
  return new OverreadError('protocol.malformed', { why: `array ${reference.array}: ${why}` });
}
