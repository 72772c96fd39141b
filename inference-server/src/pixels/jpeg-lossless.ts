/** Enough for a Huffman code and its bits, the longest that the decoder may look ahead. */
const room = 8;

/**
 * A lossless JPEG frame with some zero bytes put before its end marker. The decoder takes a marker within its look-ahead
 * for the end of the picture, and then leaves out the last pixel where its code ends in the last byte. It counts pixels
 * too, so bytes after the last one do no harm.
 */
export function withRoomAtTheEnd(frame: Uint8Array): Uint8Array {
  const end = endMarker(frame);
  if (end < 0) return new Uint8Array(frame);
  const roomy = new Uint8Array(frame.length + room);
  roomy.set(frame.subarray(0, end));
  roomy.set(frame.subarray(end), end + room);
  return roomy;
}

/** Position of the last EOI marker (ITU-T T.81 table B.1); -1 where there is none. */
function endMarker(frame: Uint8Array): number {
  for (let at = frame.length - 2; at >= 0; at -= 1) {
    if (frame[at] === 0xff && frame[at + 1] === 0xd9) return at;
  }
  return -1;
}
