import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { noNumbers, NumberList } from './number-list.ts';
import type { Field, Table, UnknownField } from './table.ts';

/** Told of every part before it is built; throws to stop. `depth` is 0 for the outermost message. */
export interface DecodeWatch {
  message(name: string, depth: number): void;
  /** One string, byte string or unknown field: something that costs an object. */
  part(): void;
}

type Open = Record<string, unknown> & { unknown?: UnknownField[] };

/**
 * One message of protobuf wire format. Byte strings and unknown fields are views into `bytes`, nothing is copied but
 * text and numbers. Damaged input throws the wire library's plain Error or RangeError; the caller names it.
 */
export function decode(table: Table, bytes: Uint8Array, watch: DecodeWatch): unknown {
  return decodeMessage(table, new BinaryReader(bytes, strictUtf8), { watch, depth: 0 });
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
// Names are compared and written back: text that cannot be read exactly is damage.
const strictUtf8 = (bytes: Uint8Array): string => utf8.decode(bytes);

interface Context {
  readonly watch: DecodeWatch;
  readonly depth: number;
}

function decodeMessage(table: Table, reader: BinaryReader, context: Context): Open {
  context.watch.message(table.name, context.depth);
  const target: Open = {};
  const lists = new Map<string, NumberList>();
  while (reader.pos < reader.len) {
    const [no, wireType] = reader.tag();
    const entry = table.byNumber.get(no);
    if (entry === undefined || !accepts(entry[1], wireType)) keepUnknown(target, reader, no, wireType, context);
    else readField(entry, wireType, { target, reader, lists, context });
  }
  if (reader.pos > reader.len) throw new RangeError('premature end');
  return complete(table, target, lists);
}

function accepts(field: Field, wireType: WireType): boolean {
  switch (field.form) {
    case 'number':
      return wireType === scalarWireType(field.kind);
    case 'numbers':
      return wireType === WireType.LengthDelimited || wireType === scalarWireType(field.kind);
    case 'string':
    case 'strings':
    case 'bytes':
    case 'bytesList':
    case 'message':
    case 'messages':
      return wireType === WireType.LengthDelimited;
  }
}

export function scalarWireType(kind: 'int32' | 'int64' | 'uint64' | 'float' | 'double'): WireType {
  if (kind === 'float') return WireType.Bit32;
  return kind === 'double' ? WireType.Bit64 : WireType.Varint;
}

interface Reading {
  readonly target: Open;
  readonly reader: BinaryReader;
  readonly lists: Map<string, NumberList>;
  readonly context: Context;
}

function readField([key, field]: readonly [string, Field], wireType: WireType, reading: Reading): void {
  const { target, reader, context } = reading;
  if (field.form === 'number') {
    target[key] = readNumber(field.kind, reader);
    return;
  }
  if (field.form === 'numbers') {
    const list = reading.lists.get(key) ?? new NumberList(field.kind);
    reading.lists.set(key, list);
    if (wireType === WireType.LengthDelimited) list.readPacked(new BinaryReader(reader.bytes()));
    else list.readOne(reader);
    return;
  }
  context.watch.part();
  switch (field.form) {
    case 'string':
      target[key] = reader.string();
      break;
    case 'bytes':
      target[key] = reader.bytes();
      break;
    case 'strings':
      append(target, key, reader.string());
      break;
    case 'bytesList':
      append(target, key, reader.bytes());
      break;
    case 'message':
      // Protobuf would merge the two; no writer makes such a file, and guessing what it means is not for us.
      if (target[key] !== undefined) throw new Error(`the field ${key} stands twice in one message`);
      target[key] = nested(field.table(), reader, context);
      break;
    case 'messages':
      append(target, key, nested(field.table(), reader, context));
      break;
  }
}

/** A reader of its own for the nested message: it cannot read past its own end. */
function nested(table: Table, reader: BinaryReader, { watch, depth }: Context): Open {
  return decodeMessage(table, new BinaryReader(reader.bytes(), strictUtf8), { watch, depth: depth + 1 });
}

function readNumber(kind: 'int32' | 'int64' | 'float', reader: BinaryReader): number | bigint {
  if (kind === 'int64') return BigInt(reader.int64());
  return kind === 'int32' ? reader.int32() : reader.float();
}

function append(target: Open, key: string, value: unknown): void {
  const list = target[key] as unknown[] | undefined;
  if (list === undefined) target[key] = [value];
  else list.push(value);
}

function keepUnknown(target: Open, reader: BinaryReader, no: number, wireType: WireType, { watch }: Context): void {
  watch.part();
  const data = reader.skip(wireType, no);
  (target.unknown ??= []).push({ no, wireType, data });
}

/** One empty list for all: a file may have half a million of them in a megabyte. */
const none: readonly never[] = Object.freeze([]);

/** Repeated fields are never absent, only empty; so are the names that code relies on. */
function complete(table: Table, target: Open, lists: ReadonlyMap<string, NumberList>): Open {
  for (const [key, field] of table.fields) {
    if (field.form === 'numbers') {
      target[key] = lists.get(key)?.finish() ?? noNumbers[field.kind];
    } else if (field.form === 'strings' || field.form === 'bytesList' || field.form === 'messages')
      target[key] ??= none;
    else if (field.form === 'string' && field.whenAbsent !== undefined) target[key] ??= field.whenAbsent;
  }
  return target;
}
