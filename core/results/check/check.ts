import { readPart10, textOf } from '../../dicom/index.ts';
import { contentItems } from './content.ts';
import { isDocument } from './kinds.ts';
import type { Fault, Rule, Severity, Subject } from './rule.ts';
import { rules } from './rules/index.ts';

/** A rule that an object breaks. */
export interface Breach extends Fault {
  readonly rule: string;
  readonly severity: Severity;
  readonly section: string;
}

export interface CheckReport {
  readonly sopClassUID: string | null;
  readonly sopInstanceUID: string | null;
  /** Rules that were about this object, in order. */
  readonly rules: readonly string[];
  readonly breaches: readonly Breach[];
}

/** A rule, for lists of them. */
export type RuleSummary = Pick<Rule, 'id' | 'severity' | 'section'>;

export const checkRules: readonly RuleSummary[] = rules.map(({ id, severity, section }) => ({ id, severity, section }));

/**
 * Own rules on a stored object, on top of what validators of the standard look at: what IHE AIR asks of a result, what
 * templates leave to the reader, and what viewers need. Objects of other kinds than results are checked for what all share.
 * @param bytes A DICOM file (Part 10).
 * @throws OverreadError of the DICOM reader where the file cannot be read.
 */
export function checkObject(bytes: Uint8Array): CheckReport {
  const subject = subjectOf(bytes);
  const about = rules.filter((rule) => rule.about(subject));
  return {
    sopClassUID: subject.sopClassUID === '' ? null : subject.sopClassUID,
    sopInstanceUID: textOf(subject.dataset, 'SOPInstanceUID'),
    rules: about.map((rule) => rule.id),
    breaches: about.flatMap((rule) => {
      const { id, severity, section } = rule;
      return [...rule.check(subject)].map(({ path, message }) => ({ rule: id, severity, section, path, message }));
    }),
  };
}

function subjectOf(bytes: Uint8Array): Subject {
  const { dataset, meta } = readPart10(bytes);
  const sopClassUID = textOf(dataset, 'SOPClassUID') ?? '';
  const subject: Subject = { sopClassUID, meta, dataset, items: [] };
  return isDocument(subject) ? { ...subject, items: contentItems(dataset) } : subject;
}
