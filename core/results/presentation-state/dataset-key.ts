import type { Dataset } from '../../dicom/index.ts';

/** Text that is the same for equal datasets only. */
export function datasetKey(dataset: Dataset): string {
  return JSON.stringify(dataset, (_, value: unknown) => (value instanceof Uint8Array ? value.join() : value));
}
