import { OverreadError } from '@overread/core/errors';

/** The source is wrong: a file or field, and what it says. */
export function sourceFault(where: string, why: string): OverreadError {
  return new OverreadError('model.source-invalid', { why: `${where}: ${why}`, details: { field: where } });
}

/** The source is right and asks for something that a package cannot say. */
export function unsupported(where: string, why: string): OverreadError {
  return new OverreadError('model.import-unsupported', { why: `${where}: ${why}`, details: { field: where } });
}
