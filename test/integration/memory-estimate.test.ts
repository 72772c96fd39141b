import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../support/peak-memory.ts', import.meta.url));

interface Peak {
  readonly estimate: number;
  readonly unknown: number;
  readonly measured: number;
}

// The estimate is what a run needs at the least. On top come ONNX Runtime's pool, whose gaps fit no later value, and copies of what goes in and
// out: 1.5 to 2.1 times as much was measured for these.
describe.skipIf(!existsSync('/proc/self/status'))('the memory estimate (against /proc/self/status)', () => {
  it.each(['meshNet', 'uNet', 'windowAttention', 'resizedSkips'])(
    'of %s: all values are counted, and a run takes no less and at most 2.5 times as much',
    async (network) => {
      const { stdout } = await promisify(execFile)(process.execPath, [program, network, '64']);
      const { estimate, unknown, measured } = JSON.parse(stdout) as Peak;
      expect(unknown).toBe(0);
      expect(measured / estimate).toBeGreaterThan(1);
      expect(measured / estimate).toBeLessThan(2.5);
    },
    60_000,
  );
});
