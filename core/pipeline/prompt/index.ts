export { PromptSession, type PromptOptions } from './session.ts';
export type { Prompt, PromptMask } from './types.ts';
