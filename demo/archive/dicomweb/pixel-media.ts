import type { MediaRange } from './media-type.ts';

const octets = 'application/octet-stream';

/** Media type that frames of a transfer syntax travel as (PS3.18 table 8.7.3-5); all others are plain octets. */
const compressed: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2.4.50': 'image/jpeg',
  '1.2.840.10008.1.2.4.51': 'image/jpeg',
  '1.2.840.10008.1.2.4.57': 'image/jpeg',
  '1.2.840.10008.1.2.4.70': 'image/jpeg',
  '1.2.840.10008.1.2.4.80': 'image/jls',
  '1.2.840.10008.1.2.4.81': 'image/jls',
  '1.2.840.10008.1.2.4.90': 'image/jp2',
  '1.2.840.10008.1.2.4.91': 'image/jp2',
  '1.2.840.10008.1.2.4.92': 'image/jpx',
  '1.2.840.10008.1.2.4.93': 'image/jpx',
  '1.2.840.10008.1.2.4.201': 'image/jphc',
  '1.2.840.10008.1.2.4.202': 'image/jphc',
  '1.2.840.10008.1.2.4.203': 'image/jphc',
  '1.2.840.10008.1.2.5': 'image/dicom-rle',
};

export function mediaTypeOf(transferSyntaxUID: string): string {
  return compressed[transferSyntaxUID] ?? octets;
}

/**
 * Whether a range takes frames as they are stored; this archive never decodes.
 * `transfer-syntax=*` takes any; without it, octets mean uncompressed ones.
 */
export function takesFrames({ type, parameters }: MediaRange, transferSyntaxUID: string): boolean {
  if (type === '*/*') return true;
  if (type !== 'multipart/related') return false;
  const wanted = parameters['type']?.toLowerCase();
  const syntax = parameters['transfer-syntax'];
  if (syntax !== undefined && syntax !== '*' && syntax !== transferSyntaxUID) return false;
  if (wanted === undefined || wanted === '*/*') return true;
  const stored = mediaTypeOf(transferSyntaxUID);
  return wanted === stored || (wanted === octets && syntax !== undefined);
}

/** Whether a range takes whole instances in this transfer syntax. */
export function takesInstances({ type, parameters }: MediaRange, transferSyntaxUID: string): boolean {
  const syntax = parameters['transfer-syntax'];
  if (syntax !== undefined && syntax !== '*' && syntax !== transferSyntaxUID) return false;
  if (type === '*/*' || type === 'application/dicom') return true;
  const wanted = parameters['type']?.toLowerCase() ?? 'application/dicom';
  return type === 'multipart/related' && (wanted === 'application/dicom' || wanted === '*/*');
}
