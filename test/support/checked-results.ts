import { checkObject, encodeAnalysis as encode, type DicomObject } from '@overread/core/results';

/**
 * What the code under test writes, after a look at each object by our own rules: every object that a test writes goes
 * through here.
 * @throws Error where an object breaks a rule of the standard or of IHE AIR.
 */
export function encodeAnalysis(...args: Parameters<typeof encode>): readonly DicomObject[] {
  const objects = encode(...args);
  for (const { kind, bytes } of objects) {
    const errors = checkObject(bytes).breaches.filter(({ severity }) => severity === 'error');
    if (errors.length === 0) continue;
    const list = errors.map(({ rule, path, message }) => `${rule} at ${path}: ${message}`);
    throw new Error(`The ${kind} that was written breaks our own rules:\n${list.join('\n')}`);
  }
  return objects;
}
