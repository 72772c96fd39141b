export { errorTable, type ErrorCode } from './table.ts';
export { OverreadError, asOverreadError, isOverreadError, reasonOf, type ErrorDetails } from './overread-error.ts';
export type { Notice } from './notice.ts';
export { describeFaults } from './faults.ts';
export { refusal, success, type Result } from './result.ts';
