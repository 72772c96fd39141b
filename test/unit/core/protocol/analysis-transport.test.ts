import { describe, expect, it } from 'vitest';
import {
  analysisResultSchema,
  arrayFromBytes,
  arraysOf,
  arrayToBytes,
  packAnalysis,
  parseMessage,
  unpackAnalysis,
} from '@overread/core/protocol';
import { sampleAnalysis } from '../../../support/sample-analysis.ts';

describe('an analysis on a wire', () => {
  it('comes back the same through JSON and octets', () => {
    const analysis = sampleAnalysis();
    const { document, arrays } = packAnalysis(analysis);
    const json: unknown = JSON.parse(JSON.stringify({ analysis: document }));
    const received = parseMessage(analysisResultSchema, json, 'result').analysis;
    const octets = Object.entries(arrays).map(([name, array]) => [name, arrayToBytes(array).slice()] as const);
    const back = arraysOf(received).map((reference) => {
      const bytes = octets.find(([name]) => name === reference.array)![1];
      return [reference.array, arrayFromBytes(reference, bytes)] as const;
    });
    expect(unpackAnalysis({ document: received, arrays: Object.fromEntries(back) })).toEqual(analysis);
  });

  it('copies no voxels when it is packed', () => {
    const analysis = sampleAnalysis();
    expect(packAnalysis(analysis).arrays['labels-0']).toBe(analysis.labelMaps[0]?.labels);
  });

  it('needs no arrays where there is neither mask nor map', () => {
    const analysis = sampleAnalysis({ labelMaps: [], heatMaps: [], findings: [] });
    const packed = packAnalysis(analysis);
    expect(packed.arrays).toEqual({});
    expect(unpackAnalysis(packed)).toEqual(analysis);
  });

  it('reads floats from octets at an odd place of a buffer', () => {
    const received = new Uint8Array(9);
    received.set(arrayToBytes(Float32Array.from([1.5, -2])), 1);
    const reference = { array: 'heat-map-0', type: 'float32', length: 2 } as const;
    expect([...arrayFromBytes(reference, received.subarray(1))]).toEqual([1.5, -2]);
  });

  const faults: [string, (packed: ReturnType<typeof packAnalysis>) => Record<string, Uint8Array | Float32Array>][] = [
    ['is missing', () => ({})],
    ['is of another type', ({ arrays }) => ({ ...arrays, 'labels-0': new Float32Array(12) })],
    ['is too short', ({ arrays }) => ({ ...arrays, 'labels-0': new Uint8Array(11) })],
  ];
  it.each(faults)('is refused when an array %s', (_name, change) => {
    const packed = packAnalysis(sampleAnalysis());
    expect(() => unpackAnalysis({ ...packed, arrays: change(packed) })).toThrow(
      expect.objectContaining({ code: 'protocol.malformed', message: expect.stringContaining('labels') as string }),
    );
  });

  it('is refused when octets were lost', () => {
    const reference = { array: 'labels-0', type: 'uint8', length: 12 } as const;
    expect(() => arrayFromBytes(reference, new Uint8Array(5))).toThrow(/5 bytes came where 12 were announced/);
  });

  it('tells a malformed document by field, without repeating values', () => {
    const { document } = packAnalysis(sampleAnalysis());
    const wrong = { analysis: { ...document, source: { ...document.source, modality: 17 } } };
    expect(() => parseMessage(analysisResultSchema, wrong, 'result')).toThrow(
      /result: analysis\.source\.modality: expected string, received number/,
    );
  });
});
