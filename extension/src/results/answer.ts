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
        return { id, kind: 'decoded', results: withoutFractions(decodeResults(request.objects, request.source)) };
    }
  } catch (error) {
    return { id, kind: 'failed', error: errorToWire(error) };
  }
}

/** Nothing draws fractions, and each takes a volume: they stay here. */
function withoutFractions(results: DecodedResults): DecodedResults {
  const otherSegmentations = results.otherSegmentations.map((one) => ({ ...one, fractions: [] }));
  return { ...results, otherSegmentations };
}

function arraysOf(reply: ResultsReply): readonly (Uint8Array | Float32Array)[] {
  switch (reply.kind) {
    case 'encoded':
      return reply.objects.map(({ bytes }) => bytes);
    case 'decoded':
      return voxelsOf(reply.results);
    case 'failed':
      return [];
  }
}

function voxelsOf({ analyses, otherSegmentations }: DecodedResults): readonly (Uint8Array | Float32Array)[] {
  return [
    ...analyses.flatMap(({ analysis }) => [
      ...analysis.labelMaps.map(({ labels }) => labels),
      ...analysis.heatMaps.map(({ values }) => values),
    ]),
    ...otherSegmentations.flatMap(({ layers }) => layers.map(({ labels }) => labels)),
  ];
}
