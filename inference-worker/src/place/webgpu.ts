import type { PlaceLimits } from '@overread/core/pipeline';

/** The GPU and what it can do, or why it is not used. */
export type AdapterAnswer =
  | {
      readonly ok: true;
      readonly device: string;
      readonly limits: PlaceLimits;
      /** Whether its shaders compute with half-precision floats. */
      readonly float16: boolean;
    }
  | { readonly ok: false; readonly reason: string };

/**
 * Asks the browser for its GPU. ONNX Runtime asks again by itself, with the same preference for power.
 *
 * @param allowFallback take a software adapter too (right, but slower than WebAssembly)
 */
export async function requestAdapter(allowFallback: boolean): Promise<AdapterAnswer> {
  if (!globalThis.isSecureContext) {
    return { ok: false, reason: 'WebGPU needs HTTPS, and this page came over plain HTTP' };
  }
  const gpu = 'gpu' in navigator ? (navigator.gpu as GPU | undefined) : undefined;
  if (gpu === undefined) return { ok: false, reason: 'this browser has no WebGPU' };
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (adapter === null) return { ok: false, reason: 'the browser offers no GPU adapter' };
  const device = describe(adapter.info);
  if (isSoftware(adapter) && !allowFallback) {
    return { ok: false, reason: `the only GPU adapter is a software one (${device}), slower than WebAssembly` };
  }
  // ONNX Runtime asks for the adapter's own limits. How much memory a GPU has is told to nobody.
  const limits = { value: adapter.limits.maxBufferSize, total: null };
  return { ok: true, device, limits, float16: adapter.features.has('shader-f16') };
}

/** `isFallbackAdapter` moved from the adapter to its info; a browser may know either. SwiftShader at times owns to neither. */
function isSoftware(adapter: GPUAdapter): boolean {
  const { info } = adapter;
  const older = adapter as { readonly isFallbackAdapter?: boolean };
  return info.isFallbackAdapter || older.isFallbackAdapter === true || info.architecture === 'swiftshader';
}

function describe({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  const parts = [vendor, architecture, device, description].filter((part) => part !== '');
  return parts.length === 0 ? 'GPU' : [...new Set(parts)].join(' ');
}
