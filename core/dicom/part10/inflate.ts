import { Inflate } from 'fflate';
import { OverreadError } from '../../errors/index.ts';

/** Compressed bytes handed over at a time: a byte gives at most 1,032, so no more than 17 MB come beyond the limit. */
const step = 16_384;

/**
 * Raw deflate (RFC 1951) back to bytes; what follows its last block is padding.
 * @throws OverreadError `dicom.over-limit` once it grows beyond `limit`, `dicom.damaged` where it is no deflate.
 */
export function inflate(bytes: Uint8Array, limit: number): Uint8Array {
  if (bytes.length === 0) throw new OverreadError('dicom.damaged', { why: 'its deflated part is empty' });
  const chunks: Uint8Array[] = [];
  let length = 0;
  const stream = new Inflate((chunk) => {
    length += chunk.length;
    if (length > limit) throw new OverreadError('dicom.over-limit', { why: `it inflates to more than ${limit} bytes` });
    if (chunk.length > 0) chunks.push(chunk);
  });
  try {
    for (let at = 0; at < bytes.length; at += step) {
      stream.push(bytes.subarray(at, at + step), at + step >= bytes.length);
    }
  } catch (error) {
    if (error instanceof OverreadError) throw error;
    throw new OverreadError('dicom.damaged', { why: 'its deflated part is damaged', cause: error });
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
