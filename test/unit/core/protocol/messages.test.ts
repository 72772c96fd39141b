import { describe, expect, it } from 'vitest';
import { OverreadError } from '@overread/core/errors';
import {
  analysisRequestSchema,
  errorFromWire,
  errorToWire,
  parseMessage,
  wireErrorSchema,
  workerRequestSchema,
} from '@overread/core/protocol';

describe('an error on a wire', () => {
  it('keeps code, reason and details', () => {
    const error = new OverreadError('model.file-damaged', {
      why: 'graph.onnx is short',
      details: { bytes: 3, at: [1, 2] },
    });
    const wire: unknown = JSON.parse(JSON.stringify(errorToWire(error)));
    const back = errorFromWire(parseMessage(wireErrorSchema, wire, 'error'));
    expect(back).toMatchObject({
      code: error.code,
      message: error.message,
      remedy: error.remedy,
      details: error.details,
    });
  });

  it('stays an error when a newer version sends a code that is unknown here', () => {
    const back = errorFromWire({ code: 'future.thing', message: 'Odd.', remedy: 'Wait.', why: null, details: {} });
    expect(back).toMatchObject({ code: 'internal.unexpected', details: { code: 'future.thing' } });
    expect(back.message).toContain('Odd');
  });

  it('takes no inherited property for a code', () => {
    const back = errorFromWire({ code: 'toString', message: 'x', remedy: '', why: null, details: {} });
    expect(back.code).toBe('internal.unexpected');
  });
});

describe('a request to the server', () => {
  const good = { studyInstanceUID: '1.2.840.1', seriesInstanceUID: '2.25.123', model: 'ct-tissue' };
  it('is taken when its UIDs are UIDs', () => {
    expect(parseMessage(analysisRequestSchema, good, 'request')).toEqual(good);
  });
  it('names the series of other channels', () => {
    const several = { ...good, otherSeries: { flair: '2.25.124' } };
    expect(parseMessage(analysisRequestSchema, several, 'request')).toEqual(several);
    expect(() => parseMessage(analysisRequestSchema, { ...good, otherSeries: { flair: '..' } }, 'request')).toThrow(
      /otherSeries/,
    );
  });
  it.each([
    ['a path', '../1.2.3'],
    ['a leading zero', '1.02.3'],
    ['one component', '1'],
    ['a trailing dot', '1.2.'],
    ['65 characters', `1.${'2'.repeat(63)}`],
    ['nothing', ''],
  ])('is refused when a UID is %s', (_name, studyInstanceUID) => {
    expect(() => parseMessage(analysisRequestSchema, { ...good, studyInstanceUID }, 'request')).toThrow(
      /studyInstanceUID/,
    );
  });
});

describe('a request to the worker', () => {
  const volume = {
    studyInstanceUID: '1.2.3',
    seriesInstanceUID: '1.2.4',
    modality: 'CT',
    frameOfReferenceUID: null,
    slices: [{ sopClassUID: '1.2', sopInstanceUID: '1.3', frameNumber: null, instanceNumber: null }],
    grid: { dims: [2, 2, 1], indexToWorld: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] },
    warnings: [],
    samples: new Int16Array(4),
    unit: 'HU',
    padding: null,
  };
  const analyse = { kind: 'analyse', id: 'a', volume, others: {}, seriesNumber: 3 };
  it('keeps the samples as they are, of every series', () => {
    const planes = [1, 2, 3].map((n) => new Uint8Array(4).fill(n));
    const other = { ...volume, samples: new Float32Array(4), monochrome1: [0, 255], inColour: true, colour: planes };
    const request = parseMessage(workerRequestSchema, { ...analyse, others: { flair: other } }, 'request');
    if (request.kind !== 'analyse') throw new Error('It is what it was.');
    expect(request.volume.samples).toBe(volume.samples);
    expect(request.others['flair']).toEqual(other);
    expect(request.others['flair']!.samples).toBe(other.samples);
    expect(request.others['flair']!.colour![2]).toBe(planes[2]);
  });
  it.each([
    ['volume', { ...analyse, volume: { ...volume, samples: new Int16Array(3) } }],
    ['others.flair', { ...analyse, others: { flair: { ...volume, samples: new Int16Array(5) } } }],
    ['volume', { ...analyse, volume: { ...volume, colour: [1, 2, 3].map((n) => new Uint8Array(n)) } }],
  ])('is refused when the samples do not fill the grid: %s', (field, short) => {
    const fault = `${field}.samples: as many samples as`;
    expect(() => parseMessage(workerRequestSchema, short, 'request')).toThrow(fault);
  });
  it('is refused when nobody knows its kind', () => {
    expect(() => parseMessage(workerRequestSchema, { kind: 'sing', id: 'a' }, 'request')).toThrow(/kind/);
  });
});
