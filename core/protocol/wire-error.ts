import * as z from 'zod/mini';
import { asOverreadError, errorTable, OverreadError, type ErrorCode } from '../errors/index.ts';

/** An {@link OverreadError} as plain data. `message` and `remedy` are for people; a program goes by `code`. */
export const wireErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  why: z.nullable(z.string()),
  details: z.record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))]),
  ),
});

export type WireError = z.infer<typeof wireErrorSchema>;

/** Any thrown value as plain data; the cause stays behind, since it may hold anything. */
export function errorToWire(thrown: unknown): WireError {
  const error = asOverreadError(thrown);
  const details = Object.fromEntries(
    Object.entries(error.details).map(([key, value]) => [key, typeof value === 'object' ? [...value] : value]),
  );
  return { code: error.code, message: error.message, remedy: error.remedy, why: error.why, details };
}

/** The error again. A code that this version does not know becomes `internal.unexpected` and keeps its message. */
export function errorFromWire(wire: WireError): OverreadError {
  if (!isErrorCode(wire.code)) {
    return new OverreadError('internal.unexpected', {
      why: wire.message.replace(/\.$/, ''),
      details: { ...wire.details, code: wire.code },
    });
  }
  return new OverreadError(wire.code, { ...(wire.why === null ? {} : { why: wire.why }), details: wire.details });
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code);
}
