import { OverreadError } from '../../errors/index.ts';
import { textOf, type Attributes } from '../attributes.ts';
import { transferSyntaxes } from '../uids.ts';
import { defaultReadLimits, type ReadLimits } from './elements.ts';
import { inflate } from './inflate.ts';
import { naturalize } from './naturalize.ts';
import { ElementParser } from './parse.ts';

export interface Part10 {
  readonly transferSyntaxUID: string;
  /** File meta information (group 0002). */
  readonly meta: Attributes;
  readonly dataset: Attributes;
}

/**
 * Reads a DICOM file (PS3.10) in Implicit or Explicit VR Little Endian, deflated or not; compressed pixel data stay as
 * fragments.
 * Time and memory are bounded by `limits`, whatever the file claims.
 * @throws OverreadError `dicom.damaged`, `dicom.over-limit` or `dicom.transfer-syntax`.
 */
export function readPart10(bytes: Uint8Array, limits: ReadLimits = defaultReadLimits): Part10 {
  if (bytes.length > limits.maxBytes) {
    throw new OverreadError('dicom.over-limit', { why: `it is ${bytes.length} bytes long` });
  }
  const mark = String.fromCharCode(...bytes.subarray(128, 132));
  if (mark !== 'DICM') throw new OverreadError('dicom.damaged', { why: 'it has no DICM mark at byte 128' });
  const parser = new ElementParser(bytes, 132, limits);
  const meta = naturalize(parser.meta(), bytes);
  const transferSyntaxUID = textOf(meta, 'TransferSyntaxUID');
  if (transferSyntaxUID === null) throw new OverreadError('dicom.damaged', { why: 'it names no transfer syntax' });
  if (transferSyntaxUID === transferSyntaxes.explicitBigEndian) {
    throw new OverreadError('dicom.transfer-syntax', { why: `it is in ${transferSyntaxUID}` });
  }
  const deflated = transferSyntaxUID === transferSyntaxes.deflatedExplicitLittleEndian;
  const body = deflated
    ? new ElementParser(inflate(bytes.subarray(parser.position), limits.maxInflatedBytes), 0, limits)
    : parser;
  const explicit = transferSyntaxUID !== transferSyntaxes.implicitLittleEndian;
  return { transferSyntaxUID, meta, dataset: naturalize(body.dataset(explicit), body.bytes) };
}
