import { isOverreadError, OverreadError } from '@overread/core/errors';

const memory =
  /out of memory|bad_alloc|allocation failed|failed to allocate|invalid (?:typed )?array (?:buffer )?length|cannot enlarge memory/i;

/** What ONNX Runtime threw while it made a session, as the error of a graph, of memory, or of the place itself. */
export function sessionFailure(thrown: unknown): OverreadError {
  if (isOverreadError(thrown)) return thrown;
  const why = textOf(thrown);
  if (memory.test(why)) return new OverreadError('runtime.out-of-memory', { why, cause: thrown });
  // ONNX Runtime's own status codes mean that it runs and read the graph; everything else failed before that.
  const code = why.includes('ERROR_CODE') ? 'model.graph-unusable' : 'runtime.unavailable';
  return new OverreadError(code, { why, cause: thrown });
}

/** What was thrown while a graph ran. */
export function runFailure(thrown: unknown): OverreadError {
  if (isOverreadError(thrown)) return thrown;
  const why = textOf(thrown);
  return new OverreadError(memory.test(why) ? 'runtime.out-of-memory' : 'runtime.failed', { why, cause: thrown });
}

/** The text of a thrown value; ONNX Runtime in WebAssembly also throws bare numbers. */
export function textOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : `code ${String(thrown)}`;
  return text.replace(/\s+/g, ' ').replace(/\.$/, '').slice(0, 500);
}
