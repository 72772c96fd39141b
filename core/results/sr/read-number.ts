import type { Measurement } from '../../analysis/index.ts';
import { dcmCodes, itemOf, numberOf, units, type Code } from '../../dicom/index.ts';
import { codeIn, sameCode } from '../common/code-sequence.ts';
import { childOf, codeOf, type ContentNode } from './content-tree.ts';

/** A NUM item as a measurement; null where it has no name or no value. */
export function measurementOf(node: ContentNode): Measurement | null {
  if (node.type !== 'NUM' || node.name === null) return null;
  const number = numberIn(node);
  if (number === null) return null;
  return { name: node.name, ...number, derivation: codeOf(childOf(node, 'CODE', dcmCodes.derivation)) };
}

function numberIn({ attributes }: ContentNode): { value: number; unit: Code } | null {
  const measured = itemOf(attributes, 'MeasuredValueSequence');
  if (measured !== null) {
    const value = numberOf(measured, 'FloatingPointValue') ?? numberOf(measured, 'NumericValue');
    return value === null ? null : { value, unit: codeIn(measured, 'MeasurementUnitsCodeSequence') ?? units.one };
  }
  const qualifier = codeIn(attributes, 'NumericValueQualifierCodeSequence');
  const { notANumber, negativeInfinity, positiveInfinity } = dcmCodes;
  if (sameCode(qualifier, notANumber)) return { value: NaN, unit: units.one };
  if (sameCode(qualifier, negativeInfinity)) return { value: -Infinity, unit: units.one };
  if (sameCode(qualifier, positiveInfinity)) return { value: Infinity, unit: units.one };
  return null;
}
