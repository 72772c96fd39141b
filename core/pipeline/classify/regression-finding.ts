import type { Finding } from '../../analysis/index.ts';
import { newUID } from '../../dicom/index.ts';
import type { RegressionOutput } from '../collect/regression.ts';
import { unreviewed } from '../finish/unreviewed.ts';

/** The numbers of a regression as one finding of the whole series; none where no window was run. */
export function regressionFindings(values: readonly number[] | null, output: RegressionOutput): readonly Finding[] {
  if (values === null) return [];
  const { label, code, site } = output.finding;
  return [
    {
      trackingIdentifier: label,
      trackingUID: newUID(),
      label,
      code,
      site,
      laterality: null,
      place: null,
      score: null,
      presence: null,
      region: null,
      measurements: output.values.map(({ quantity, unit }, n) => ({
        name: quantity,
        value: values[n]!,
        unit,
        derivation: null,
      })),
      review: unreviewed,
    },
  ];
}
