import { describe, expect, it } from 'vitest';
import { arrayToBytes, explanationResultSchema, packHeatMap, unpackHeatMap } from '@overread/core/protocol';
import { sampleAnalysis } from '../../../support/sample-analysis.ts';

const heatMap = sampleAnalysis().heatMaps[0]!;
const { document, arrays } = packHeatMap(heatMap);
const octets = arrayToBytes(arrays[document.values.array]!);

describe('a heat map over HTTP', () => {
  it('arrives as it was', () => {
    const answer: unknown = JSON.parse(JSON.stringify({ heatMap: document }));
    // Off its alignment, as octets of a response may lie.
    const shifted = new Uint8Array(octets.length + 1);
    shifted.set(octets, 1);
    expect(unpackHeatMap(explanationResultSchema.parse(answer).heatMap, shifted.subarray(1))).toEqual(heatMap);
  });

  it('is refused with fewer values than announced, or than its grid has voxels', () => {
    expect(() => unpackHeatMap(document, octets.subarray(4))).toThrow(
      expect.objectContaining({ code: 'protocol.malformed' }),
    );
    const { values } = document;
    const short = { ...document, values: { ...values, length: values.length - 1 } };
    expect(() => unpackHeatMap(short, octets.subarray(4))).toThrow(/elements for a grid of/);
  });
});
