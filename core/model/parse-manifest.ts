import { describeFaults, OverreadError } from '../errors/index.ts';
import { manifestSchema, type Manifest } from './manifest/index.ts';
import { findReferenceFaults } from './references.ts';

/**
 * Reads a manifest from the bytes of `model.json` (UTF-8).
 *
 * @throws OverreadError `model.manifest-invalid`, with every fault as `field: why` in `details.faults`.
 */
export function readManifest(bytes: Uint8Array): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw invalid(['(root): not a JSON document'], cause);
  }
  return parseManifest(json);
}

/** As {@link readManifest}, from a value that was parsed already. */
export function parseManifest(json: unknown): Manifest {
  const parsed = manifestSchema.safeParse(json, { reportInput: true });
  if (!parsed.success) throw invalid(describeFaults(parsed.error), parsed.error);
  const faults = findReferenceFaults(parsed.data);
  if (faults.length > 0) throw invalid(faults);
  return parsed.data;
}

function invalid(faults: readonly string[], cause?: unknown): OverreadError {
  return new OverreadError('model.manifest-invalid', { why: faults.join('; '), details: { faults }, cause });
}
