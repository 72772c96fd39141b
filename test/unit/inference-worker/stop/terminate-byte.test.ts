import { describe, expect, it } from 'vitest';
import { memoryOf } from '../../../../inference-worker/src/place/heap.ts';
import { terminateByte, type OrtModule } from '../../../../inference-worker/src/stop/terminate-byte.ts';

const glue = new URL(
  '../../../../node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.mjs',
  import.meta.url,
);

describe('the byte of run options that goes with `terminate`', () => {
  it('is one in the ONNX Runtime that is installed, and is where it was found', async () => {
    const { default: factory } = (await import(glue.href)) as {
      default: (config: object) => Promise<OrtModule>;
    };
    const module = await factory({ numThreads: 1 });
    const memory = memoryOf(module.HEAPU8.buffer)!;
    const offset = terminateByte(module, memory)!;
    expect(offset).toBeTypeOf('number');
    const byteOf = (terminate: boolean) => {
      const options = module._OrtCreateRunOptions(1, 3, terminate, 0);
      const byte = new Uint8Array(memory.buffer)[options + offset];
      module._OrtReleaseRunOptions(options);
      return byte;
    };
    expect([byteOf(true), byteOf(false)]).toEqual([1, 0]);
  });

  const build = (write: (bytes: Uint8Array, terminate: boolean, count: number) => void, address = 1_000) => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const bytes = new Uint8Array(memory.buffer);
    let count = 0;
    const module: OrtModule = {
      HEAPU8: bytes,
      _OrtCreateRunOptions(_severity, _verbosity, terminate) {
        write(bytes.subarray(address), terminate, count++);
        return address;
      },
      _OrtReleaseRunOptions: () => 0,
    };
    return terminateByte(module, memory);
  };

  it.each([
    ['20', 20, 1_000],
    ['0', 0, 1_000],
    ['the last of the memory', 7, 65_528],
  ])('is found at %s', (_name, at, address) => {
    expect(build((bytes, terminate) => (bytes[at] = Number(terminate)), address)).toBe(at);
  });

  it.each<[string, Parameters<typeof build>[0]]>([
    ['nothing changes', () => undefined],
    ['two bytes change', (bytes, terminate) => bytes.fill(Number(terminate), 20, 22)],
    ['the flag is a bit of a byte', (bytes, terminate) => (bytes[20] = terminate ? 5 : 4)],
    ['the byte says the opposite', (bytes, terminate) => (bytes[20] = Number(!terminate))],
    ['a byte changes by itself', (bytes, _terminate, count) => (bytes[20] = count % 4)],
    ['another byte changes by itself', (bytes, terminate, count) => bytes.set([Number(terminate), 0, count], 20)],
  ])('is not taken for known where %s', (_name, write) => {
    expect(build(write)).toBeNull();
  });

  it('is not taken for known where no options can be made', () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const failing = {
      HEAPU8: new Uint8Array(memory.buffer),
      _OrtCreateRunOptions: () => 0,
      _OrtReleaseRunOptions: () => 0,
    };
    expect(terminateByte(failing, memory)).toBeNull();
  });
});
