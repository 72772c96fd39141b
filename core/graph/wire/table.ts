import type { WireType } from '@bufbuild/protobuf/wire';

/**
 * Protobuf messages as tables: which field has which number, kind and multiplicity. One table drives reading and writing.
 * The wire format itself is the work of `@bufbuild/protobuf/wire`.
 */

/** A field that the table does not know, or of another wire type than it says: kept, and written back as it came. */
export interface UnknownField {
  readonly no: number;
  readonly wireType: WireType;
  /** The field's content as it stood on the wire, without its tag: a view into the bytes read. */
  readonly data: Uint8Array;
}

/** What every message carries besides its own fields. */
export interface Message {
  readonly unknown?: readonly UnknownField[];
}

export type NumberKind = 'int32' | 'int64' | 'uint64' | 'float' | 'double';

/** The typed array that holds a repeated number field. */
export interface NumberArrays {
  int32: Int32Array;
  int64: BigInt64Array;
  uint64: BigUint64Array;
  float: Float32Array;
  double: Float64Array;
}

export type Field =
  /** `whenAbsent`: the value to read where the field is absent; without it an absent field stays absent. */
  | { readonly form: 'string'; readonly no: number; readonly whenAbsent?: '' }
  | { readonly form: 'strings'; readonly no: number }
  | { readonly form: 'bytes'; readonly no: number }
  | { readonly form: 'bytesList'; readonly no: number }
  | { readonly form: 'number'; readonly no: number; readonly kind: 'int32' | 'int64' | 'float' }
  /** `packed` is how it is written; both ways are read. */
  | { readonly form: 'numbers'; readonly no: number; readonly kind: NumberKind; readonly packed: boolean }
  | { readonly form: 'message'; readonly no: number; readonly table: () => Table }
  | { readonly form: 'messages'; readonly no: number; readonly table: () => Table };

/** Fields in the order of their numbers, which is the order in which they are written. */
export interface Table {
  readonly name: string;
  readonly fields: readonly (readonly [key: string, field: Field])[];
  readonly byNumber: ReadonlyMap<number, readonly [key: string, field: Field]>;
}

/** `T` and its table agree on the names of the fields: a field that is forgotten does not compile. */
export function table<T extends Message>(name: string, fields: Record<Exclude<keyof T, 'unknown'>, Field>): Table {
  const entries = Object.entries<Field>(fields).sort(([, a], [, b]) => a.no - b.no);
  return { name, fields: entries, byNumber: new Map(entries.map((entry) => [entry[1].no, entry])) };
}

export const string = (no: number): Field => ({ form: 'string', no });
/** A name that code relies on: an absent one reads as ''. */
export const nameString = (no: number): Field => ({ form: 'string', no, whenAbsent: '' });
export const strings = (no: number): Field => ({ form: 'strings', no });
export const bytes = (no: number): Field => ({ form: 'bytes', no });
export const bytesList = (no: number): Field => ({ form: 'bytesList', no });
export const number = (no: number, kind: 'int32' | 'int64' | 'float'): Field => ({ form: 'number', no, kind });
export const numbers = (no: number, kind: NumberKind): Field => ({ form: 'numbers', no, kind, packed: false });
export const packed = (no: number, kind: NumberKind): Field => ({ form: 'numbers', no, kind, packed: true });
export const message = (no: number, of: () => Table): Field => ({ form: 'message', no, table: of });
export const messages = (no: number, of: () => Table): Field => ({ form: 'messages', no, table: of });
