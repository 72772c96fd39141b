/** Bits of a frame, the lowest of a byte first. Bit numbers stay below 2^31: one frame at a time. */
export interface BitView {
  readonly bytes: Uint8Array;
  readonly words: DataView;
}

export function bitView(bytes: Uint8Array): BitView {
  return { bytes, words: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

/** The first bit from `from` on that is `value`; `end` where there is none before it. Equal bytes are skipped in words. */
export function findBit({ bytes, words }: BitView, from: number, end: number, value: 0 | 1): number {
  const without = value === 1 ? 0 : 0xff;
  const withoutWord = value === 1 ? 0 : 0xffff_ffff;
  const whole = end >> 3;
  let bit = from;
  while (bit < end) {
    if ((bit & 7) === 0) {
      let at = bit >> 3;
      while (at + 4 <= whole && words.getUint32(at, true) === withoutWord) at += 4;
      while (at < whole && bytes[at] === without) at++;
      bit = at << 3;
      if (bit >= end) return end;
    }
    if ((((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1) === value) return bit;
    bit++;
  }
  return end;
}

/** Sets the bits from `from` to before `end`, counted from byte `base`. */
export function setBits(bytes: Uint8Array, base: number, from: number, end: number): void {
  const first = base + (from >> 3);
  const last = base + (end >> 3);
  const head = (0xff << (from & 7)) & 0xff;
  const tail = (1 << (end & 7)) - 1;
  if (first === last) {
    bytes[first] = (bytes[first] ?? 0) | (head & tail);
    return;
  }
  bytes[first] = (bytes[first] ?? 0) | head;
  if (last - first > 64) bytes.fill(0xff, first + 1, last);
  else for (let at = first + 1; at < last; at++) bytes[at] = 0xff;
  if (tail !== 0) bytes[last] = (bytes[last] ?? 0) | tail;
}
