import { todo } from '../check/unwritten.ts';

/** A model card to be written: the questions that a reader of a result has. */
export function cardTemplate(id: string): string {
  return `# ${todo}: name (\`${id}\`)

**${todo}: status, e.g. "Research only. Not a medical device, not for diagnosis."**

## What it does

${todo}: what is found or measured, in which images, for whom.

## How

${todo}: network, training data (how many cases, from where, by whom annotated), licence.

## Limits

- ${todo}: where it fails, what it was never shown.

## Evaluation

${todo}: on which data, with which numbers; or "Not evaluated".
`;
}
