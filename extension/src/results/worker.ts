/// <reference lib="webworker" />
import { answer } from './answer.ts';
import type { ResultsRequest } from './messages.ts';

/** Writes and reads DICOM objects away from the page's own thread. */
declare const self: DedicatedWorkerGlobalScope;

self.onmessage = ({ data }: MessageEvent<ResultsRequest>) => {
  const { reply, transfer } = answer(data);
  self.postMessage(reply, transfer);
};
