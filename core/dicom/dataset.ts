import type { Keyword } from './tags.ts';

export type ElementValue =
  | string
  | number
  | readonly string[]
  | readonly number[]
  | readonly Dataset[]
  | Uint8Array
  | Float32Array
  /** Present with no value (type 2). */
  | null;

/**
 * A dataset that can be written: attributes by keyword. Several values are an array; a sequence is an array of
 * datasets; bulk data are bytes in little-endian order.
 */
export type Dataset = { readonly [keyword in Keyword]?: ElementValue };
