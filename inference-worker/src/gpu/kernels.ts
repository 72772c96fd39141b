import { blend, chooseFromSums, chooseFromWindow, inspect } from './shaders.ts';

/** The shaders of one GPU, compiled. */
export interface Kernels {
  readonly inspect: GPUComputePipeline;
  readonly blend: GPUComputePipeline;
  readonly chooseFromSums: GPUComputePipeline;
  readonly chooseFromWindow: GPUComputePipeline;
}

const compiled = new WeakMap<GPUDevice, Promise<Kernels>>();

/** @throws GPUPipelineError where the GPU's driver does not take a shader */
export function kernelsOf(device: GPUDevice): Promise<Kernels> {
  const known = compiled.get(device);
  if (known !== undefined) return known;
  const made = compile(device);
  compiled.set(device, made);
  return made;
}

async function compile(device: GPUDevice): Promise<Kernels> {
  const pipeline = (code: string): Promise<GPUComputePipeline> =>
    device.createComputePipelineAsync({ layout: 'auto', compute: { module: device.createShaderModule({ code }) } });
  const [a, b, c, d] = await Promise.all([inspect, blend, chooseFromSums, chooseFromWindow].map(pipeline));
  return { inspect: a!, blend: b!, chooseFromSums: c!, chooseFromWindow: d! };
}
