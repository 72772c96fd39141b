/** Longer text is mostly of its own, and a decoder's call no longer costs more than the text. */
const longest = 64;
const slots = 4096;

/**
 * Short ASCII texts of a file, each made once: the same few hundred codes, meanings and UIDs fill most of a report. What
 * a slot holds is compared before it is given out, so that a collision costs time only.
 */
export class TextCache {
  readonly #bytes: Uint8Array;
  readonly #texts: (string | undefined)[] = new Array<undefined>(slots);

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The bytes from `start` to `end` as text; null where they are not short, or not all plain ASCII without ESC. */
  ascii(start: number, end: number): string | null {
    const length = end - start;
    if (length > longest) return null;
    const bytes = this.#bytes;
    let hash = length;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0;
      // An escape sequence may change what the bytes after it mean.
      if (byte > 0x7e || byte === 0x1b) return null;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    const slot = (hash ^ (hash >>> 15)) & (slots - 1);
    const known = this.#texts[slot];
    if (known?.length === length && this.#stands(known, start)) return known;
    return (this.#texts[slot] = String.fromCharCode.apply(null, this.#codes(start, end)));
  }

  #stands(text: string, start: number): boolean {
    for (let at = 0; at < text.length; at++) {
      if (text.charCodeAt(at) !== this.#bytes[start + at]) return false;
    }
    return true;
  }

  #codes(start: number, end: number): number[] {
    const codes = new Array<number>(end - start);
    for (let at = start; at < end; at++) codes[at - start] = this.#bytes[at] ?? 0;
    return codes;
  }
}
