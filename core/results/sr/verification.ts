import { itemOf, textOf, type Attributes, type Dataset } from '../../dicom/index.ts';
import { OverreadError } from '../../errors/index.ts';
import { fromDateTime, toDateTime } from '../common/date-time.ts';
import type { Verification } from '../object.ts';

/**
 * Completion and verification of the document (PS3.3 C.17.2). Only a person's explicit act verifies it.
 * @throws OverreadError `results.inconsistent` where the act names no person, no organization or no time.
 */
export function documentState(verification: Verification | null): Dataset {
  if (verification === null) return { CompletionFlag: 'COMPLETE', VerificationFlag: 'UNVERIFIED' };
  const { observer, organization, at } = verification;
  if (observer.replaceAll(/[\^= ]/g, '') === '') {
    throw new OverreadError('results.inconsistent', { why: 'a verification names no person' });
  }
  if (organization.trim() === '') {
    throw new OverreadError('results.inconsistent', { why: 'a verification names no organization' });
  }
  return {
    CompletionFlag: 'COMPLETE',
    VerificationFlag: 'VERIFIED',
    VerifyingObserverSequence: [
      {
        VerifyingOrganization: organization,
        VerificationDateTime: toDateTime(at),
        VerifyingObserverName: observer,
        VerifyingObserverIdentificationCodeSequence: [],
      },
    ],
  };
}

/** Who verified a document as read; null where nobody did. */
export function verificationOf(dataset: Attributes): Verification | null {
  if (textOf(dataset, 'VerificationFlag') !== 'VERIFIED') return null;
  const act = itemOf(dataset, 'VerifyingObserverSequence') ?? {};
  const at = textOf(act, 'VerificationDateTime') ?? '';
  return {
    observer: textOf(act, 'VerifyingObserverName') ?? '',
    organization: textOf(act, 'VerifyingOrganization') ?? '',
    at: fromDateTime(at) ?? at,
  };
}
