/** Where the program talks to. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Exit status of the program. */
export const exitStatus = { clean: 0, errors: 1, unusable: 2 } as const;
