import { isOverreadError, OverreadError, reasonOf } from '@overread/core/errors';

const memory =
  /out of memory|bad_alloc|allocation failed|(?:failed|unable) to allocate|could not allocate|invalid (?:typed )?array (?:buffer )?length|exceeds the (?:supported maximum of \d+ bytes|max buffer size)|cannot enlarge memory|\[invalid buffer[^\]]*\] is invalid due to a previous error/i;

/** What ONNX Runtime threw while it made a session, as the error of a graph, of memory, or of the place itself. */
export function sessionFailure(thrown: unknown): OverreadError {
  if (isOverreadError(thrown)) return thrown;
  const text = textOf(thrown);
  if (memory.test(text))
    return new OverreadError('runtime.out-of-memory', { why: withoutPreamble(text), cause: thrown });
  // ONNX Runtime's own status codes mean that it runs and read the graph; everything else failed before that.
  const code = text.includes('ERROR_CODE') ? 'model.graph-unusable' : 'runtime.unavailable';
  return new OverreadError(code, { why: withoutPreamble(text), cause: thrown });
}

/** What was thrown while a graph ran. */
export function runFailure(thrown: unknown): OverreadError {
  if (isOverreadError(thrown)) return thrown;
  const text = textOf(thrown);
  const code = memory.test(text) ? 'runtime.out-of-memory' : 'runtime.failed';
  return new OverreadError(code, { why: withoutPreamble(text), cause: thrown });
}

/** The text of a thrown value; ONNX Runtime in WebAssembly also throws bare numbers. */
export function textOf(thrown: unknown): string {
  return thrown instanceof Error ? reasonOf(thrown) : `code ${String(thrown)}`;
}

/** What ONNX Runtime says at the end of its own preamble: `… Status Message: Conv3D does not support …`. */
function withoutPreamble(text: string): string {
  return text.replace(/^.*?ERROR_MESSAGE: /, '').replace(/^Non-zero status code.*?Status Message: /, '');
}
