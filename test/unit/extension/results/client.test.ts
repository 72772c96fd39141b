import type { Analysis } from '@overread/core/analysis';
import { readPart10, textOf } from '@overread/core/dicom';
import { describe, expect, test } from 'vitest';
import { answer } from '../../../../extension/src/results/answer.ts';
import { createResultsClient } from '../../../../extension/src/results/client.ts';
import type { ResultsReply, ResultsRequest } from '../../../../extension/src/results/messages.ts';
import { plainAttributes } from '../../../../extension/src/results/plain.ts';
import { analysisOf, boxLabelMap, noduleFinding } from '../../../support/analyses.ts';
import { ctSeries } from '../../../support/ct-series.ts';

const series = ctSeries();
const source = series.datasets[0] ?? {};
const labelMap = boxLabelMap(series.geometry);
const analysis = analysisOf(series.geometry, { labelMaps: [labelMap], findings: [noduleFinding(labelMap)] });
const options = { source, segmentation: true, predecessors: [] };

/** A thread for the worker's own code: messages are cloned and moved as between real threads. */
function thread(respond: typeof answer = answer): Worker {
  const worker: Pick<Worker, 'onmessage' | 'onerror' | 'onmessageerror' | 'postMessage' | 'terminate'> = {
    onmessage: null,
    onerror: null,
    onmessageerror: null,
    postMessage(message: ResultsRequest) {
      const received = structuredClone(message);
      setImmediate(() => {
        const { reply, transfer } = respond(received);
        const data = structuredClone<ResultsReply>(reply, { transfer });
        worker.onmessage?.call(worker as Worker, new MessageEvent('message', { data }));
      });
    },
    terminate: () => undefined,
  };
  return worker as Worker;
}

describe('the results worker', () => {
  test('gives back what was written, and leaves the page its own mask', async () => {
    const client = createResultsClient(() => thread());
    const objects = await client.encode(analysis, options);
    expect(objects.map(({ kind }) => kind)).toEqual(['SEG', 'SR']);
    expect(labelMap.labels.length).toBeGreaterThan(0);
    const { analyses, problems } = await client.decode(
      objects.map(({ bytes }) => bytes),
      series.geometry,
    );
    expect(problems).toEqual([]);
    expect(analyses[0]?.analysis.labelMaps[0]?.labels).toEqual(labelMap.labels);
  });

  test('is started when it is first needed, once', async () => {
    let starts = 0;
    const client = createResultsClient(() => {
      starts += 1;
      return thread();
    });
    expect(starts).toBe(0);
    await Promise.all([client.encode(analysis, options), client.encode(analysis, options)]);
    expect(starts).toBe(1);
  });

  test('passes on why an analysis cannot be written', async () => {
    const client = createResultsClient(() => thread());
    const foreign: Analysis = { ...analysis, source: { ...analysis.source, studyInstanceUID: '2.25.1' } };
    await expect(client.encode(foreign, options)).rejects.toMatchObject({ code: 'results.wrong-source' });
  });

  test('that cannot be started or breaks says so, and the next use starts a fresh one', async () => {
    const broken = thread();
    broken.postMessage = () => {
      setImmediate(() => void broken.onerror?.call(broken, { message: 'out of memory' } as ErrorEvent));
    };
    const workers = [broken, thread()];
    const client = createResultsClient(() => workers.shift() ?? thread());
    await expect(client.encode(analysis, options)).rejects.toMatchObject({
      code: 'results.worker-failed',
      why: 'out of memory',
    });
    expect(await client.encode(analysis, options)).toHaveLength(2);
    const blocked = createResultsClient(() => {
      throw new Error('blocked by the Content-Security-Policy');
    });
    await expect(blocked.encode(analysis, options)).rejects.toMatchObject({ code: 'results.worker-failed' });
  });
});

describe('attributes on their way to the worker', () => {
  test('lose the functions and proxies of the viewer’s libraries, not their values', async () => {
    const name = new Proxy([{ Alphabetic: 'PHANTOM^ONE', toJSON: () => 'x' }], {});
    const viewers = { ...source, PatientName: name, PixelData: { retrieveBulkData: () => null }, Rows: 7 };
    expect(() => structuredClone(viewers)).toThrow();
    const plain = plainAttributes(viewers);
    expect(structuredClone(plain)).toEqual(plain);
    expect(plain).toMatchObject({ PatientName: [{ Alphabetic: 'PHANTOM^ONE' }], Rows: 7 });

    const objects = await createResultsClient(() => thread()).encode(analysis, { ...options, source: viewers });
    const { dataset } = readPart10(objects[1]?.bytes ?? new Uint8Array());
    expect(textOf(dataset, 'PatientName')).toBe('PHANTOM^ONE');
  });

  test('keep lookup tables, as copies of their own, and lose pixels', () => {
    const file = new Uint8Array(300_000).fill(7);
    const table = file.subarray(10, 14);
    const item = { LUTDescriptor: [2, 0, 16], LUTData: [table.buffer.slice(10, 14)] };
    const plain = plainAttributes({ ModalityLUTSequence: [item], ICCProfile: table, PixelData: file });
    expect(plain).toEqual({
      ModalityLUTSequence: [{ LUTDescriptor: [2, 0, 16], LUTData: [new Uint8Array([7, 7, 7, 7]).buffer] }],
      ICCProfile: new Uint8Array([7, 7, 7, 7]),
    });
    expect((plain['ICCProfile'] as Uint8Array).buffer.byteLength).toBe(4);
  });

  test('may contain themselves', () => {
    const attributes: Record<string, unknown> = { Modality: 'CT' };
    attributes['ReferencedSeriesSequence'] = [attributes];
    expect(plainAttributes(attributes)['Modality']).toBe('CT');
  });
});
