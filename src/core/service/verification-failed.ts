import type { VerificationFailure } from '../ports/media.js';
import { CallError } from './call-error.js';

const REASONS: Readonly<Record<VerificationFailure, string>> = {
  fingerprint: 'its certificate has changed, or its fingerprint is missing or weak',
  certificate: 'a certificate is not the one in the session description',
  commitment: 'the revealed value is not the committed one',
  message: 'the other device did not follow the exchange',
};

/** @returns the error for a link that was closed because somebody may have been intercepting it */
export function verificationFailed(userID: string, why: VerificationFailure): CallError {
  const message = `The link to ${userID} was closed, it may have been intercepted: ${REASONS[why]}`;
  return new CallError('media-failed', message, { cause: { kind: 'verification', userID, why } });
}
