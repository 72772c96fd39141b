import { unsupported } from '../fault.ts';
import type { Component } from './component.ts';

/** Types that hold what is computed here in float32. */
const wide = new Set(['float', 'float32', 'double', 'float64']);

/** Integer types that hold every label. */
const ofLabels = new Set(['uint8', 'uint16', 'int16', 'short', 'int32', 'int', 'uint32', 'int64', 'long']);

/** Types that round values, or cut their fractions off, are no part of a package. @throws OverreadError `model.import-unsupported` */
export function keepsValues(transform: Component): void {
  const type = transform.typeName('dtype');
  if (type !== null && !wide.has(type))
    throw unsupported(transform.where('dtype'), `values as ${type} cannot be expressed`);
}

/** Labels may be held as integers too, but not as true and false. @throws OverreadError `model.import-unsupported` */
export function keepsLabels(transform: Component): void {
  const type = transform.typeName('dtype');
  if (type !== null && !wide.has(type) && !ofLabels.has(type))
    throw unsupported(transform.where('dtype'), `labels as ${type} cannot be expressed`);
}
