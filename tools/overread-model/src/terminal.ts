/** Where the program talks to. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Exit status of the program. */
export const exitStatus = { clean: 0, errors: 1, unusable: 2 } as const;

/** Names in a graph come from whoever made it: what would steer a terminal, or turn the direction of its text, is shown as U+FFFD. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}
