import { sourceFault } from '../fault.ts';
import type { NamedValue } from '../labels.ts';
import { datasetFile, type Dataset } from './plans.ts';

export interface LabelValues {
  /** Regions overlap: each is a channel of its own (sigmoid), and later ones stand over earlier ones. */
  readonly regions: boolean;
  /** In the order of the network's channels, background left out. */
  readonly values: readonly NamedValue[];
}

/** Labels, or regions, of a dataset. @throws OverreadError `model.source-invalid` */
export function labelValuesOf({ labels, regions_class_order: order }: Dataset): LabelValues {
  const entries = Object.entries(labels).filter(([name, value]) => name !== 'ignore' && !isBackground(value));
  const regions = entries.some(([, value]) => Array.isArray(value));
  if (regions) {
    if (order?.length !== entries.length) {
      throw sourceFault(
        `${datasetFile} regions_class_order`,
        `${entries.length} numbers are expected, one for each region`,
      );
    }
    return { regions, values: entries.map(([name], at) => ({ name, value: order[at]! })) };
  }
  const values = entries.map(([name, value]) => ({ name, value: value as number })).sort((a, b) => a.value - b.value);
  const gap = values.findIndex(({ value }, at) => value !== at + 1);
  if (gap >= 0) throw sourceFault(`${datasetFile} labels.${values[gap]!.name}`, `the value ${gap + 1} is expected`);
  return { regions, values };
}

function isBackground(value: number | readonly number[]): boolean {
  return Array.isArray(value) ? value.length === 1 && value[0] === 0 : value === 0;
}
