import type { Manifest } from './manifest/index.ts';

/** Values of a self-test's input: 1 GiB, and more than 640^3 voxels. */
const mostTestValues = 2 ** 28;

/** Pairs of fields of which the first must not be above the second, and what would take more memory than it is worth. Each fault as `field: why`. */
export function findLimitFaults({
  applicability,
  selfTest,
}: Pick<Manifest, 'applicability' | 'selfTest'>): readonly string[] {
  const { minSlices, maxSlices, minSliceSpacing, maxSliceSpacing, minPixelSpacing, maxPixelSpacing } = applicability;
  const pairs = [
    ['minSlices', minSlices, maxSlices],
    ['minSliceSpacing', minSliceSpacing, maxSliceSpacing],
    ['minPixelSpacing', minPixelSpacing, maxPixelSpacing],
  ] as const;
  return [
    ...pairs
      .filter(([, least, most]) => least !== undefined && most !== undefined && least > most)
      .map(([field]) => `applicability.${field}: is above ${field.replace('min', 'max')}`),
    ...(selfTest.shape.reduce((product, extent) => product * extent, 1) <= mostTestValues
      ? []
      : [`selfTest.shape: holds more than ${mostTestValues} values`]),
    ...(selfTest.range[0] < selfTest.range[1] ? [] : ['selfTest.range: its first number is not below its second']),
  ];
}
