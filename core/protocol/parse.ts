import type * as z from 'zod/mini';
import { describeFaults, OverreadError, type ErrorCode } from '../errors/index.ts';

/**
 * A value that came over a wire, as the type that was agreed.
 *
 * @param what the message in words, for the error
 * @throws OverreadError `code`, with every fault by field; values are not repeated, since they may be patient data
 */
export function parseMessage<T>(
  schema: z.ZodMiniType<T>,
  value: unknown,
  what: string,
  code: ErrorCode = 'protocol.malformed',
): T {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const faults = describeFaults(parsed.error);
  throw new OverreadError(code, { why: `${what}: ${faults.join('; ')}`, details: { faults } });
}
