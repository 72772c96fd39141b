import type { Keyword } from './tags.ts';

/** Bytes that are drawn at their place in the file: a large mask is held once. */
export interface DrawnBytes {
  readonly byteLength: number;
  /** @param target As many bytes, all of them 0. */
  readonly draw: (target: Uint8Array) => void;
}

export type ElementValue =
  | string
  | number
  | readonly string[]
  | readonly number[]
  | readonly Dataset[]
  | Uint8Array
  | Float32Array
  | DrawnBytes
  /** Present with no value (type 2). */
  | null;

/**
 * A dataset that can be written: attributes by keyword. Several values are an array; a sequence is an array of
 * datasets; bulk data are bytes in little-endian order.
 */
export type Dataset = { readonly [keyword in Keyword]?: ElementValue };
