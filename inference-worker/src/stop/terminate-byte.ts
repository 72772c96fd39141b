/** What is used of the module that Emscripten makes of ONNX Runtime: C functions under their own names. */
export interface OrtModule {
  /** @returns address of the new OrtRunOptions; 0 where it failed */
  _OrtCreateRunOptions: (logSeverity: number, logVerbosity: number, terminate: boolean, tag: number) => number;
  _OrtReleaseRunOptions: (options: number) => number;
  readonly HEAPU8: Uint8Array;
}

/** Longer than OrtRunOptions, whose size nobody tells. */
const lookedAt = 128;

/**
 * Where `terminate` stands in ONNX Runtime's run options: found out by making some with and without it and comparing their bytes, since
 * the layout is that of one build.
 *
 * @param memory of the module
 * @returns bytes from the beginning of the options; null where not exactly one byte went with the flag
 */
export function terminateByte(module: OrtModule, memory: WebAssembly.Memory): number | null {
  const made = [false, true, false, true].map((terminate) => optionBytes(module, memory, terminate));
  const [off, on, offAgain, onAgain] = made;
  if (!off || !on || !offAgain || !onAgain) return null;
  const offsets = [...off.keys()];
  const follow = offsets.filter((at) => off[at] === 0 && on[at] === 1 && offAgain[at] === 0 && onAgain[at] === 1);
  const changing = offsets.filter((at) => made.some((bytes) => bytes?.[at] !== off[at]));
  return changing.length === 1 ? (follow[0] ?? null) : null;
}

function optionBytes(module: OrtModule, memory: WebAssembly.Memory, terminate: boolean): Uint8Array | null {
  const options = module._OrtCreateRunOptions(2, 0, terminate, 0) >>> 0;
  if (options === 0) return null;
  const bytes = new Uint8Array(memory.buffer).slice(options, options + lookedAt);
  module._OrtReleaseRunOptions(options);
  return bytes;
}
