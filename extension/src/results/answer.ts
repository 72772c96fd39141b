import type { LabelMap } from '@overread/core/analysis';
import { errorToWire } from '@overread/core/protocol';
import { decodeResults, encodeAnalysis, type DecodedResults } from '@overread/core/results';
import type { ResultsReply, ResultsRequest } from './messages.ts';

/** What the worker answers to a request, and the buffers that need not be copied on their way to the page. */
export function answer(request: ResultsRequest): { readonly reply: ResultsReply; readonly transfer: ArrayBuffer[] } {
  const reply = replyTo(request);
  const buffers = new Set(arraysOf(reply).map(({ buffer }) => buffer));
  return { reply, transfer: [...buffers].filter((buffer) => buffer instanceof ArrayBuffer) };
}

function replyTo(request: ResultsRequest): ResultsReply {
  const { id } = request;
  try {
    switch (request.kind) {
      case 'encode':
        return { id, kind: 'encoded', objects: encodeAnalysis(request.analysis, request.options) };
      case 'decode':
        return { id, kind: 'decoded', results: decodeResults(request.objects, request.source) };
    }
  } catch (error) {
    return { id, kind: 'failed', error: errorToWire(error) };
  }
}

function arraysOf(reply: ResultsReply): readonly Uint8Array[] {
  switch (reply.kind) {
    case 'encoded':
      return reply.objects.map(({ bytes }) => bytes);
    case 'decoded':
      return labelMapsOf(reply.results).map(({ labels }) => labels);
    case 'failed':
      return [];
  }
}

function labelMapsOf({ analyses, otherSegmentations }: DecodedResults): readonly LabelMap[] {
  const own = analyses.map(({ analysis }) => analysis.labelMap).filter((labelMap) => labelMap !== null);
  return [...own, ...otherSegmentations.flatMap(({ layers }) => layers)];
}
