import type { LabelledOutput } from '@overread/core/pipeline';
import { GpuLabels } from './gpu-labels.ts';
import { choosesRight } from './trial.ts';

export { GpuLabels };

/** What blends and chooses on this GPU; null where it has no room for these outputs, or failed its trial. */
export async function gpuLabels(device: GPUDevice, outputs: readonly LabelledOutput[]): Promise<GpuLabels | null> {
  return outputs.length > 0 && (await choosesRight(device)) ? GpuLabels.make(device, outputs) : null;
}
