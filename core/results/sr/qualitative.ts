import type { Analysis } from '../../analysis/index.ts';
import { dcmCodes, privateCodes, qualitativeEvaluations, sctCodes } from '../../dicom/index.ts';
import { code, container, text, type ContentItem } from './content-item.ts';

/** TID 1500 rows 12 to 14: how the run ended, the explicit *no findings*, and what its reader should know. */
export function evaluations({ outcome, findings, warnings }: Analysis): ContentItem {
  const { noneSucceeded, succeededWithFindings, succeededWithoutFindings } = dcmCodes;
  const summary =
    outcome === 'failed' ? noneSucceeded : findings.length > 0 ? succeededWithFindings : succeededWithoutFindings;
  const negative = outcome === 'completed' && findings.length === 0;
  return container(qualitativeEvaluations, null, [
    code('CONTAINS', dcmCodes.processingSummary, summary),
    ...(negative ? [code('CONTAINS', dcmCodes.finding, sctCodes.absent)] : []),
    ...warnings.map((warning) => text('CONTAINS', privateCodes.warning, `${warning.code}: ${warning.message}`)),
  ]);
}
