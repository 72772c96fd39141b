import { OverreadError, isOverreadError } from '@overread/core/errors';

/** What a proxy answers in the name of an archive that is down (RFC 9110 section 15.6). */
const down: readonly (number | null)[] = [null, 502, 503, 504];
/** No login, no right, no such service, no such method: an archive that stores nothing from here, whatever it is. */
const readOnly: readonly (number | null)[] = [401, 403, 404, 405, 501];

/** @throws what keeps an answer of the archive from us. */
export function unreachable(error: unknown): never {
  if (isOverreadError(error)) throw error;
  throw new OverreadError(down.includes(statusOf(error)) ? 'pacs.unreachable' : 'pacs.refused', because(error));
}

/** @throws why the archive did not take an object. */
export function refused(error: unknown): never {
  const status = statusOf(error);
  if (down.includes(status)) throw new OverreadError('pacs.unreachable', because(error));
  throw new OverreadError(readOnly.includes(status) ? 'save.read-only' : 'save.refused', because(error));
}

/** HTTP status, where the archive answered at all. */
function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null) return null;
  const status = 'status' in error ? error.status : null;
  return typeof status === 'number' && status > 0 ? status : null;
}

function because(error: unknown): { readonly why: string; readonly cause: unknown } {
  const status = statusOf(error);
  return { why: status === null ? 'no answer' : `it answered ${status}`, cause: error };
}
