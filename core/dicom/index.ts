export type { Code } from './code.ts';
