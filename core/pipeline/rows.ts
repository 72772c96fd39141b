import { OverreadError } from '../errors/index.ts';
import type { GraphAnswer } from './collect/collector.ts';

/** An output that is a table: `batch` tables of `rows` x `columns`, row-major, one after the other. */
export interface Rows {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/**
 * A float32 output by its name, without NaN.
 * @throws OverreadError `pipeline.bad-output` that names it
 */
export function floatRows(outputs: GraphAnswer, name: string): Rows {
  const tensor = outputs[name];
  if (tensor === undefined) throw badOutput(name, 'the graph has no such output');
  const { data, dims, type } = tensor;
  if (!(data instanceof Float32Array)) throw badOutput(name, `it is ${type} where float32 was expected`);
  if (hasNaN(data)) throw badOutput(name, 'it holds values that are no numbers (NaN)');
  return { data, dims };
}

/** A loop of its own: detectors answer with millions of rows. */
function hasNaN(values: Float32Array): boolean {
  for (let n = 0; n < values.length; n++) if (values[n] !== values[n]) return true;
  return false;
}

/** @param why a clause: `its shape is …` */
export function badOutput(name: string, why: string): OverreadError {
  return new OverreadError('pipeline.bad-output', { why: `output '${name}': ${why}`, details: { name } });
}
