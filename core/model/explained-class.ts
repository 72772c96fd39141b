import type { Finding } from '../analysis/index.ts';
import type { Manifest } from './manifest/index.ts';

/** One class of a classifier, of which it can be told what its score rests on. */
export interface ExplainedClass {
  /** Name of the output with the scores. */
  readonly output: string;
  /** Place in the manifest's list of classes, from 0; the background column does not count. */
  readonly classIndex: number;
}

/** The class that a finding of a model is about; null where the manifest names no saliency for it. */
export function explainedClass(
  { outputs }: Pick<Manifest, 'outputs'>,
  { trackingIdentifier, code }: Pick<Finding, 'trackingIdentifier' | 'code'>,
): ExplainedClass | null {
  for (const output of outputs) {
    if (output.kind !== 'classScores' || output.saliency === null) continue;
    const classIndex = output.classes.findIndex(
      (one) => one.label === trackingIdentifier && one.code.value === code.value && one.code.scheme === code.scheme,
    );
    if (classIndex >= 0) return { output: output.name, classIndex };
  }
  return null;
}
