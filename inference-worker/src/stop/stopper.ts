import { askToStop, type StopCell } from './stop-cell.ts';

// A worker inside the inference worker, which cannot listen while it computes. It gets what they share, and the line on which the page
// says that the worker's time is over. The page itself never holds ONNX Runtime's memory: only a thread's end gives it back at once.

export interface StopperTask {
  readonly cell: StopCell;
  readonly memory: WebAssembly.Memory;
}

interface StopperScope {
  postMessage(message: null): void;
  close(): void;
  onmessage: (event: MessageEvent<StopperTask>) => void;
}

const scope = globalThis as unknown as StopperScope;

scope.onmessage = ({ data: { cell, memory }, ports: [line] }) => {
  if (line === undefined) return;
  line.onmessage = () => {
    askToStop(cell, memory);
    scope.close();
  };
};
scope.postMessage(null);
