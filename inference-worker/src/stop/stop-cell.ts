/**
 * What a worker and its stopper share, two 32-bit integers: whether the worker shall stop, and where in ONNX Runtime's memory the current
 * run looks whether it shall (a byte address; 0: nothing runs). Each side writes one and then reads the other, so that a run which begins
 * while it is stopped is stopped by one of them at least.
 */
export type StopCell = Int32Array;

const asked = 0;
const flag = 1;

/** @param shared whether memory can be shared between threads here; else the cell only says that nothing was asked */
export function createStopCell(shared: boolean): StopCell {
  const bytes = 2 * Int32Array.BYTES_PER_ELEMENT;
  return new Int32Array(shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
}

export function isStopAsked(cell: StopCell): boolean {
  return Atomics.load(cell, asked) === 1;
}

/** In the worker, before a run: where its flag stands. */
export function runBegins(cell: StopCell, memory: WebAssembly.Memory, address: number): void {
  Atomics.store(cell, flag, address);
  if (isStopAsked(cell)) raise(memory, address);
}

/** In the worker, after a run and before its flag's memory is used for something else. */
export function runEnds(cell: StopCell): void {
  Atomics.store(cell, flag, 0);
}

/** In the stopper: ends the current run between two of its nodes, and each later one before its first. */
export function askToStop(cell: StopCell, memory: WebAssembly.Memory): void {
  Atomics.store(cell, asked, 1);
  // Addresses reach up to 4 GiB, and the cell's numbers have a sign.
  const address = Atomics.load(cell, flag) >>> 0;
  if (address !== 0) raise(memory, address);
}

function raise(memory: WebAssembly.Memory, address: number): void {
  const bytes = new Uint8Array(memory.buffer);
  if (address < bytes.length) Atomics.store(bytes, address, 1);
}
