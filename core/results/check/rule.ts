import type { Attributes } from '../../dicom/index.ts';
import type { ContentItemAt } from './content.ts';

/** `error`: the standard or IHE AIR forbids it. `warning`: legal, but known to be lost, refused or not drawn somewhere. */
export type Severity = 'error' | 'warning';

/** What a rule found, and where. */
export interface Fault {
  /** Tag path, items counted from 1: `(0040,A730)[2]/(0040,A043)`. */
  readonly path: string;
  readonly message: string;
}

/** An object as the rules see it. */
export interface Subject {
  readonly sopClassUID: string;
  readonly meta: Attributes;
  readonly dataset: Attributes;
  /** Content items of an SR or key object document, the root first, in document order; empty for others. */
  readonly items: readonly ContentItemAt[];
}

export interface Rule {
  /** `area.what`, unique. */
  readonly id: string;
  readonly severity: Severity;
  /** Where the requirement stands: part and section of the standard, profile, or viewer. */
  readonly section: string;
  /** Which objects it is about. */
  readonly about: (subject: Subject) => boolean;
  readonly check: (subject: Subject) => Iterable<Fault>;
}
