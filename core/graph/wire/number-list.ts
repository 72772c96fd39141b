import type { BinaryReader } from '@bufbuild/protobuf/wire';
import type { NumberArrays, NumberKind } from './table.ts';

/** Bytes of one value, where that is fixed. */
const width = { int32: 0, int64: 0, uint64: 0, float: 4, double: 8 } as const;

const create: { readonly [K in NumberKind]: (length: number) => NumberArrays[K] } = {
  int32: (length) => new Int32Array(length),
  int64: (length) => new BigInt64Array(length),
  uint64: (length) => new BigUint64Array(length),
  float: (length) => new Float32Array(length),
  double: (length) => new Float64Array(length),
};

/** Lists without values, shared: there is nothing in them to change. */
export const noNumbers: { readonly [K in NumberKind]: NumberArrays[K] } = {
  int32: create.int32(0),
  int64: create.int64(0),
  uint64: create.uint64(0),
  float: create.float(0),
  double: create.double(0),
};

/** A repeated number field that grows while it is read: typed arrays, so that hostile input costs at most 8 bytes per byte. */
export class NumberList<K extends NumberKind = NumberKind> {
  readonly #kind: K;
  #values: NumberArrays[NumberKind];
  #length = 0;

  constructor(kind: K) {
    this.#kind = kind;
    this.#values = noNumbers[kind];
  }

  readOne(reader: BinaryReader): void {
    this.#reserve(1);
    this.#read(reader);
  }

  /** `reader` stands on exactly one packed record. */
  readPacked(reader: BinaryReader): void {
    const fixed = width[this.#kind];
    if (fixed > 0) this.#reserve(Math.ceil(reader.len / fixed), true);
    while (reader.pos < reader.len) {
      if (fixed === 0) this.#reserve(1);
      this.#read(reader);
    }
  }

  finish(): NumberArrays[NumberKind] {
    return this.#length === this.#values.length ? this.#values : this.#values.slice(0, this.#length);
  }

  #read(reader: BinaryReader): void {
    const values = this.#values;
    const at = this.#length++;
    if (values instanceof BigInt64Array) values[at] = BigInt(reader.int64());
    else if (values instanceof BigUint64Array) values[at] = BigInt(reader.uint64());
    else if (values instanceof Int32Array) values[at] = reader.int32();
    else values[at] = values instanceof Float32Array ? reader.float() : reader.double();
  }

  #reserve(more: number, exactly = false): void {
    const needed = this.#length + more;
    if (needed <= this.#values.length) return;
    const grown = create[this.#kind](exactly ? needed : Math.max(needed, 2 * this.#values.length, 4));
    copyInto(grown, this.#values);
    this.#values = grown;
  }
}

function copyInto(target: NumberArrays[NumberKind], source: NumberArrays[NumberKind]): void {
  // Both were made for the same kind; the branches only let the type checker see it.
  if (target instanceof BigInt64Array || target instanceof BigUint64Array)
    target.set(source as BigInt64Array & BigUint64Array);
  else target.set(source as Int32Array & Float32Array & Float64Array);
}
