import { escapeAt, type CodeElements } from './code-elements.ts';

const escape = 0x1b;
const unreadable = '\ufffd';
const decoders = new Map<string, TextDecoder>();

function decode(label: string, bytes: Uint8Array): string {
  let decoder = decoders.get(label);
  if (decoder === undefined) decoders.set(label, (decoder = new TextDecoder(label)));
  return decoder.decode(bytes);
}

/**
 * Text with code extensions (ISO 2022 as PS3.5 section 6.1.2.5 restricts it). The initial sets come back at the end of a
 * line, of a value and of a person name's component.
 */
export function readCodeExtensions(bytes: Uint8Array, initial: CodeElements, person: boolean): string {
  if (isPlain(bytes)) return decode('utf-8', bytes);
  let { g0, g1 } = initial;
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    if (byte === escape) {
      const found = escapeAt(bytes, at + 1);
      if (found === null) text += unreadable;
      else ({ g0, g1 } = { g0, g1, ...found.set });
      at += 1 + (found?.length ?? 0);
      continue;
    }
    const start = at;
    if (byte < 0x20 || byte === 0x7f) {
      at++;
      ({ g0, g1 } = initial);
      text += String.fromCharCode(byte);
    } else if (byte >= 0x80) {
      while (at < bytes.length && (bytes[at] ?? 0) >= 0x80) at++;
      // The second byte of a two-byte character may be below 128 in none of the sets that have an escape sequence.
      text += g1 === null ? unreadable.repeat(at - start) : decode(g1.label, bytes.subarray(start, at));
    } else if (g0 === 'ascii') {
      at++;
      text += String.fromCharCode(byte);
      if (byte === 0x5c || (person && (byte === 0x5e || byte === 0x3d))) ({ g0, g1 } = initial);
    } else {
      while (at < bytes.length && (bytes[at] ?? 0) > 0x20 && (bytes[at] ?? 0) < 0x7f) at++;
      text += japanese(bytes.subarray(start, at), g0 === 'jis-x-0212');
      // A space is none of the two-byte codes.
      if (at === start) text += String.fromCharCode(bytes[at++] ?? 0);
    }
  }
  return text;
}

/** Seven-bit pairs of JIS X 0208 or 0212, read as the EUC that has the same codes with the high bit set. */
function japanese(pairs: Uint8Array, supplementary: boolean): string {
  const count = pairs.length >> 1;
  const step = supplementary ? 3 : 2;
  const euc = new Uint8Array(count * step);
  for (let pair = 0; pair < count; pair++) {
    let to = pair * step;
    if (supplementary) euc[to++] = 0x8f;
    euc[to] = (pairs[2 * pair] ?? 0) | 0x80;
    euc[to + 1] = (pairs[2 * pair + 1] ?? 0) | 0x80;
  }
  return decode('euc-jp', euc) + (pairs.length % 2 === 1 ? unreadable : '');
}

/** Nothing but ASCII: most values, whatever set was named. */
function isPlain(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x80 && byte !== escape);
}
