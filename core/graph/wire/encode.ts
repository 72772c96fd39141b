import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { scalarWireType } from './decode.ts';
import type { Field, NumberKind, Table, UnknownField } from './table.ts';

/** Byte strings from this size on are written straight from where they lie. */
const byReference = 256;

/**
 * A message in protobuf wire format, fields in the order of their numbers, unknown ones last. Large byte strings are
 * copied once, into the result; the peak is one copy of the message.
 */
export function encode(table: Table, message: object): Uint8Array {
  const pieces = new Pieces();
  writeMessage(table, message as Open, pieces);
  return pieces.join();
}

type Open = Record<string, unknown> & { unknown?: readonly UnknownField[] };

/** Bytes in pieces: small ones gathered by the writer, large ones as views. */
class Pieces {
  readonly writer = new BinaryWriter();
  readonly #done: Uint8Array[] = [];
  #length = 0;

  view(bytes: Uint8Array): void {
    this.#flush();
    this.#done.push(bytes);
    this.#length += bytes.length;
  }

  append(other: Pieces): void {
    for (const piece of other.finish()) this.view(piece);
  }

  finish(): readonly Uint8Array[] {
    this.#flush();
    return this.#done;
  }

  get length(): number {
    this.#flush();
    return this.#length;
  }

  join(): Uint8Array {
    const whole = new Uint8Array(this.length);
    let at = 0;
    for (const piece of this.#done) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  #flush(): void {
    const written = this.writer.finish();
    if (written.length === 0) return;
    this.#done.push(written);
    this.#length += written.length;
  }
}

function writeMessage(table: Table, message: Open, out: Pieces): void {
  for (const [key, field] of table.fields) {
    const value = message[key];
    if (value !== undefined) writeField(field, value, out);
  }
  for (const { no, wireType, data } of message.unknown ?? []) {
    out.writer.tag(no, wireType).raw(data);
  }
}

function writeField(field: Field, value: unknown, out: Pieces): void {
  const { no, form } = field;
  switch (form) {
    case 'string':
      if (value !== field.whenAbsent) out.writer.tag(no, WireType.LengthDelimited).string(value as string);
      return;
    case 'strings':
      for (const text of value as readonly string[]) out.writer.tag(no, WireType.LengthDelimited).string(text);
      return;
    case 'bytes':
      writeBytes(no, value as Uint8Array, out);
      return;
    case 'bytesList':
      for (const item of value as readonly Uint8Array[]) writeBytes(no, item, out);
      return;
    case 'number':
      out.writer.tag(no, scalarWireType(field.kind));
      writeNumber(field.kind, value as number | bigint, out.writer);
      return;
    case 'numbers':
      writeNumbers(field, value as ArrayLike<number | bigint>, out.writer);
      return;
    case 'message':
      writeNested(field, value as Open, out);
      return;
    case 'messages':
      for (const item of value as readonly Open[]) writeNested(field, item, out);
      return;
  }
}

function writeBytes(no: number, value: Uint8Array, out: Pieces): void {
  out.writer.tag(no, WireType.LengthDelimited).uint32(value.length);
  if (value.length < byReference) out.writer.raw(value);
  else out.view(value);
}

function writeNested(field: Field & { form: 'message' | 'messages' }, value: Open, out: Pieces): void {
  const inner = new Pieces();
  writeMessage(field.table(), value, inner);
  out.writer.tag(field.no, WireType.LengthDelimited).uint32(inner.length);
  out.append(inner);
}

function writeNumbers(
  field: Field & { form: 'numbers' },
  values: ArrayLike<number | bigint>,
  writer: BinaryWriter,
): void {
  if (values.length === 0) return;
  if (field.packed) writer.tag(field.no, WireType.LengthDelimited).fork();
  for (let at = 0; at < values.length; at++) {
    if (!field.packed) writer.tag(field.no, scalarWireType(field.kind));
    writeNumber(field.kind, values[at]!, writer);
  }
  if (field.packed) writer.join();
}

function writeNumber(kind: NumberKind, value: number | bigint, writer: BinaryWriter): void {
  switch (kind) {
    case 'int64':
      writer.int64(value);
      return;
    case 'uint64':
      writer.uint64(value);
      return;
    case 'int32':
      writer.int32(value as number);
      return;
    case 'float':
      writer.float(value as number);
      return;
    case 'double':
      writer.double(value as number);
      return;
  }
}
