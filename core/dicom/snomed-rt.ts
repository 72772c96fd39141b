import type { Code } from './code.ts';

/**
 * Retired SNOMED RT codes of the concepts that we look for, as SNOMED CT (PS3.16 section 8.1.1, annex O). Objects written
 * before 2018, and by tools that never changed, carry the former under SRT, SNM3 or 99SDM.
 */
const conceptIds: Readonly<Record<string, string>> = {
  'G-C0E3': '363698007',
  'G-C171': '272741003',
  'G-A1F8': '106233006',
  'G-A100': '24028007',
  'G-A101': '7771000',
  'G-A102': '51440002',
  'G-A166': '42798000',
  'G-A185': '103339001',
  'G-A186': '103340004',
  'G-A220': '103355008',
  'G-A437': '56851009',
  'G-D705': '118565006',
  'G-D7FE': '410668003',
  'M-02550': '81827009',
  'R-002E1': '371912002',
  'R-00317': '373098007',
  'R-10047': '386136009',
  'R-404FB': '255605001',
  'R-40819': '260521003',
  'T-D0050': '85756007',
  'T-D000A': '123037004',
  'M-01000': '49755003',
  'M-01100': '52988006',
  'M-03010': '27925004',
  'T-28000': '39607008',
};

const retiredSchemes: readonly string[] = ['SRT', 'SNM3', '99SDM'];

/** The code in today's schemes, where the table has it; else as it is. The meaning stays. */
export function currentCode(code: Code): Code {
  if (!retiredSchemes.includes(code.scheme)) return code;
  const value = conceptIds[code.value];
  return value === undefined ? code : { ...code, value, scheme: 'SCT' };
}
