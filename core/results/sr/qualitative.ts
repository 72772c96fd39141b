import type { Analysis, Finding } from '../../analysis/index.ts';
import { dcmCodes, presences, privateCodes, qualitativeEvaluations, sctCodes } from '../../dicom/index.ts';
import { code, container, text } from './content-item.ts';
import type { RowOf } from './relationships.ts';

/** TID 1500 rows 12 to 14: how the run ended, the explicit *no findings*, and what its reader should know. */
export function evaluations({ outcome, findings, warnings }: Analysis): RowOf<'CONTAINER'> {
  const { noneSucceeded, succeededWithFindings, succeededWithoutFindings } = dcmCodes;
  const found = findings.filter(({ presence }) => presence !== 'absent');
  const summary =
    outcome === 'failed' ? noneSucceeded : found.length > 0 ? succeededWithFindings : succeededWithoutFindings;
  const negative = outcome === 'completed' && findings.length === 0;
  return container(qualitativeEvaluations, null, [
    code('CONTAINS', dcmCodes.processingSummary, summary),
    ...(negative ? [code('CONTAINS', dcmCodes.finding, sctCodes.absent)] : []),
    ...statements(findings),
    ...warnings.map((warning) => text('CONTAINS', privateCodes.warning, `${warning.code}: ${warning.message}`)),
  ]);
}

/** What the model says of the whole series, question and answer, for displays that look only here. The groups say the same, with their scores. */
function statements(findings: readonly Finding[]): readonly RowOf<'CONTAINER'>[] {
  return findings.flatMap(({ code: question, presence, region }) =>
    presence === null || region !== null ? [] : [code('CONTAINS', question, presences[presence])],
  );
}
