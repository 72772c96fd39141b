import type { Analysis } from '@overread/core/analysis';
import { OverreadError } from '@overread/core/errors';
import { errorFromWire } from '@overread/core/protocol';
import type { DecodedResults, DicomObject, EncodeOptions } from '@overread/core/results';
import type { SeriesGeometry } from '@overread/core/volume';
import { copyOf } from './copy.ts';
import { encodeRequest } from './encode-request.ts';
import type { ResultsReply, ResultsRequest, WithoutId } from './messages.ts';

/** Writes an analysis as DICOM objects and reads it back; where this happens is the implementation's matter. */
export interface ResultsCodec {
  /**
   * The objects in the order in which they are to be stored: what is referred to comes first. The pixels for captures are
   * given away with the request.
   */
  readonly encode: (analysis: Analysis, options: EncodeOptions) => Promise<readonly DicomObject[]>;
  readonly decode: (objects: readonly Uint8Array[], source: SeriesGeometry) => Promise<DecodedResults>;
  /** Ends the worker; the next call starts a fresh one. */
  readonly release: () => void;
}

/** A codec in a Web Worker that is loaded when it is first needed. */
export function createResultsClient(start: () => Worker): ResultsCodec {
  const waiting = new Map<number, { resolve: (reply: ResultsReply) => void; reject: (error: OverreadError) => void }>();
  let worker: Worker | null = null;
  let lastId = 0;

  const end = (error: OverreadError) => {
    worker?.terminate();
    worker = null;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };

  const ready = (): Worker => {
    if (worker !== null) return worker;
    try {
      worker = start();
    } catch (error) {
      throw new OverreadError('results.worker-failed', { why: 'it could not be started', cause: error });
    }
    worker.onmessage = (event: MessageEvent<ResultsReply>) => {
      const reply = event.data;
      waiting.get(reply.id)?.resolve(reply);
      waiting.delete(reply.id);
    };
    worker.onerror = (event) =>
      end(
        new OverreadError('results.worker-failed', { why: event.message === '' ? 'it did not load' : event.message }),
      );
    worker.onmessageerror = () => end(new OverreadError('results.worker-failed', { why: 'an answer was unreadable' }));
    return worker;
  };

  const ask = (request: WithoutId<ResultsRequest>, transfer: Transferable[]): Promise<ResultsReply> =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      ready().postMessage({ ...request, id }, transfer);
      waiting.set(id, { resolve, reject });
    });

  return {
    async encode(analysis, options) {
      const { request, transfer } = await encodeRequest(analysis, options);
      const reply = await ask(request, transfer);
      if (reply.kind === 'encoded') return reply.objects;
      throw failure(reply);
    },
    async decode(objects, source) {
      const copies: Uint8Array<ArrayBuffer>[] = [];
      for (const object of objects) copies.push(await copyOf(object));
      const transfer = copies.map(({ buffer }) => buffer);
      const reply = await ask({ kind: 'decode', objects: copies, source }, transfer);
      if (reply.kind === 'decoded') return reply.results;
      throw failure(reply);
    },
    release: () => end(new OverreadError('run.cancelled')),
  };
}

function failure(reply: ResultsReply): OverreadError {
  if (reply.kind === 'failed') return errorFromWire(reply.error);
  return new OverreadError('protocol.malformed', { why: `unexpected answer ${reply.kind}` });
}
