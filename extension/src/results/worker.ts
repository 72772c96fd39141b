/// <reference lib="webworker" />
import { errorToWire } from '@overread/core/protocol';
import { decodeResults, encodeAnalysis } from '@overread/core/results';
import type { ResultsReply, ResultsRequest } from './messages.ts';

/** Writes and reads DICOM objects away from the page's own thread. */
declare const self: DedicatedWorkerGlobalScope;

self.onmessage = (event: MessageEvent<ResultsRequest>) => {
  const request = event.data;
  try {
    const reply = answer(request);
    self.postMessage(reply, transferable(reply));
  } catch (error) {
    self.postMessage({ id: request.id, kind: 'failed', error: errorToWire(error) } satisfies ResultsReply);
  }
};

function answer(request: ResultsRequest): ResultsReply {
  switch (request.kind) {
    case 'encode':
      return { id: request.id, kind: 'encoded', objects: encodeAnalysis(request.analysis, request.options) };
    case 'decode':
      return { id: request.id, kind: 'decoded', results: decodeResults(request.objects, request.source) };
  }
}

/** Buffers that need not be copied on their way to the page. */
function transferable(reply: ResultsReply): ArrayBuffer[] {
  const buffers = new Set(arraysOf(reply).map(({ buffer }) => buffer));
  return [...buffers].filter((buffer) => buffer instanceof ArrayBuffer);
}

function arraysOf(reply: ResultsReply): readonly Uint8Array[] {
  switch (reply.kind) {
    case 'encoded':
      return reply.objects.map(({ bytes }) => bytes);
    case 'decoded':
      return reply.results.analyses.flatMap(({ analysis }) =>
        analysis.labelMap === null ? [] : [analysis.labelMap.labels],
      );
    case 'failed':
      return [];
  }
}
