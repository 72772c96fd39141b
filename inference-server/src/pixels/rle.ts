import { OverreadError } from '@overread/core/errors';

/**
 * Checks the header of an RLE frame (PS3.5 annex G.5): the decoder trusts the offsets in it.
 *
 * @throws OverreadError `image.damaged`
 */
export function checkRleHeader(frame: Uint8Array, bytesPerPixel: number): void {
  const refuse = (why: string) => new OverreadError('image.damaged', { why: `RLE: ${why}` });
  if (frame.byteLength < 64) throw refuse(`${frame.byteLength} bytes are too few for a header`);
  const header = new DataView(frame.buffer, frame.byteOffset, 64);
  const segments = header.getUint32(0, true);
  if (segments !== bytesPerPixel) throw refuse(`${segments} segments where ${bytesPerPixel} belong`);
  let before = 63;
  for (let at = 1; at <= segments; at += 1) {
    const offset = header.getUint32(at * 4, true);
    if (offset <= before || offset >= frame.byteLength) throw refuse(`segment ${at} starts at ${offset}`);
    before = offset;
  }
}
