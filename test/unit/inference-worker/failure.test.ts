import { describe, expect, test } from 'vitest';
import { runFailure, sessionFailure } from '../../../inference-worker/src/failure.ts';

describe('what is thrown where memory is short', () => {
  const said = [
    'WebAssembly.Memory(): could not allocate memory',
    'Array buffer allocation failed',
    'Unable to allocate memory of 412 bytes',
    'std::bad_alloc',
    'Buffer size (1238630400) exceeds the max buffer size limit (1073741824). - While calling [Device].CreateBuffer',
    'WebGPU validation failed. [Invalid Buffer (unlabeled)] is invalid due to a previous error',
    'no available backend found. ERR: [wasm] RangeError: Out of memory',
  ];
  test.each(said)('%s', (text) => {
    for (const failure of [sessionFailure, runFailure]) {
      expect(failure(new RangeError(text))).toMatchObject({ code: 'runtime.out-of-memory', why: text });
    }
  });

  test('is told from everything else', () => {
    expect(sessionFailure(new Error('the file did not load')).code).toBe('runtime.unavailable');
    expect(runFailure(new Error('Conv3D does not support groups')).code).toBe('runtime.failed');
  });
});
