export { checkObject, checkRules, type Breach, type CheckReport, type RuleSummary } from './check.ts';
export type { Severity } from './rule.ts';
