import { describe, expect, it } from 'vitest';
import { readAccept, readMediaType } from '../../../../demo/archive/dicomweb/media-type.ts';
import { takesFrames } from '../../../../demo/archive/dicomweb/pixel-media.ts';

describe('an Accept header', () => {
  it('is read with quotes, commas inside them, and weights', () => {
    const ranges = readAccept('text/html;q=0.5, multipart/related; type="image/jls"; x="a,b", image/png;q=0');
    expect(ranges.map(({ type }) => type)).toEqual(['multipart/related', 'text/html']);
    expect(ranges[0]!.parameters).toEqual({ type: 'image/jls', x: 'a,b' });
  });

  it('that is missing takes anything', () => {
    expect(readAccept(undefined)).toEqual([{ type: '*/*', parameters: {} }]);
  });
});

describe('frames in a compressed transfer syntax', () => {
  const jpegLs = '1.2.840.10008.1.2.4.80';
  it.each([
    ['*/*', true],
    ['multipart/related; type=application/octet-stream; transfer-syntax=*', true],
    ['multipart/related; type="image/jls"', true],
    [`multipart/related; type="image/jls"; transfer-syntax=${jpegLs}`, true],
    ['multipart/related; type="image/jls"; transfer-syntax=1.2.840.10008.1.2.4.81', false],
    ['multipart/related; type="image/jp2"', false],
    ['multipart/related; type="application/octet-stream"', false],
    ['application/dicom+json', false],
  ])('%s: %s', (range, taken) => {
    expect(takesFrames(readMediaType(range), jpegLs)).toBe(taken);
  });
});
