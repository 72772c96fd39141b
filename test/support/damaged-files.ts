import { deflateRawSync } from 'node:zlib';

const u16 = (value: number) => [value & 255, value >> 8];
const u32 = (value: number) => [...u16(value & 0xffff), ...u16(value >>> 16)];

/** Where an attribute of the top level or of an item begins, in Explicit VR Little Endian; the first of its kind. */
function find(file: Uint8Array, tag: number, vr: string): number {
  const element = Buffer.from([...u16(tag >>> 16), ...u16(tag & 0xffff), ...Buffer.from(vr, 'latin1')]);
  const at = Buffer.from(file.buffer, file.byteOffset, file.byteLength).indexOf(element);
  if (at < 0) throw new Error(`the file has no ${tag.toString(16)} of ${vr}`);
  return at;
}

function insert(file: Uint8Array, at: number, bytes: ArrayLike<number>): Uint8Array {
  return new Uint8Array(Buffer.concat([file.subarray(0, at), Uint8Array.from(bytes), file.subarray(at)]));
}

function withLength(file: Uint8Array, tag: number, vr: string, change: (length: number) => number): Uint8Array {
  const damaged = file.slice();
  const view = new DataView(damaged.buffer);
  const at = find(damaged, tag, vr) + 8;
  view.setUint32(at, change(view.getUint32(at, true)), true);
  return damaged;
}

const bodyOf = (file: Uint8Array) => 144 + new DataView(file.buffer, file.byteOffset).getUint32(140, true);

/** The file's meta information around another dataset, said to be deflated. */
function deflated(file: Uint8Array, body: Uint8Array): Uint8Array {
  const head = Buffer.from(file.subarray(0, bodyOf(file))).toString('latin1');
  const named = head.replace('\x14\x001.2.840.10008.1.2.1\0', '\x16\x001.2.840.10008.1.2.1.99');
  const bytes = Buffer.from(named, 'latin1');
  bytes.writeUInt32LE(bytes.readUInt32LE(140) + 2, 140);
  return new Uint8Array(Buffer.concat([bytes, body]));
}

/** Ways in which a mask's file can be broken. */
export const damages: Readonly<Record<string, (file: Uint8Array) => Uint8Array>> = {
  'cut off in its header': (file) => file.slice(0, 400),
  'cut off in its frames': (file) => file.slice(0, file.length - 20),
  'without its preamble': (file) => file.slice(64),
  'with pixels that are longer than the file': (file) => withLength(file, 0x7fe00010, 'OB', (length) => length + 1000),
  'with fewer pixels than it says': (file) => withLength(file, 0x7fe00010, 'OB', (length) => length - 10),
  'with a sequence that ends inside an item': (file) => withLength(file, 0x00620002, 'SQ', (length) => length - 2),
  'with a sequence that reaches beyond the file': (file) => withLength(file, 0x00620002, 'SQ', () => 0x7fff_fff0),
  'nested 10,000 deep': (file) => {
    const level = [...u16(0x0040), ...u16(0xa730), 0x53, 0x51, 0, 0, ...u32(0xffff_ffff), ...u16(0xfffe), ...u16(0xe000), ...u32(0xffff_ffff)]; // prettier-ignore
    return insert(file, bodyOf(file), Array.from({ length: 10_000 }, () => level).flat());
  },
  'with an attribute twice': (file) => {
    const at = find(file, 0x00080060, 'CS');
    return insert(file, at, file.subarray(at, at + 12));
  },
  // 600 MiB of zeros.
  'that inflates beyond all bounds': (file) =>
    deflated(file, deflateRawSync(Buffer.alloc(600 * 2 ** 20), { level: 9 })),
};

/** Ways in which a file may be unusual, and is read all the same. */
export const oddities: Readonly<Record<string, (file: Uint8Array) => Uint8Array>> = {
  'with private attributes, and one of no VR that is known': (file) => {
    const own = [...u16(0x0041), ...u16(0x1001), 0x55, 0x4e, 0, 0, ...u32(4), 1, 2, 3, 4];
    const unknown = [...u16(0x0041), ...u16(0x1003), 0x5a, 0x5a, ...u16(2), 1, 2];
    return insert(file, find(file, 0x00620001, 'CS'), [...own, ...unknown]);
  },
  deflated: (file) => deflated(file, deflateRawSync(file.subarray(bodyOf(file)))),
};
