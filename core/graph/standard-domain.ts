import type { ModelProto } from './onnx/types.ts';

/** The domain of the standard operators has two names: '' and `ai.onnx`. */
export function standardDomain(domain: string): boolean {
  return domain === '' || domain === 'ai.onnx';
}

/** Version of the standard operators that a model uses; 0 where it names none. */
export function standardOpset(model: ModelProto): number {
  return Number(model.opsetImport.find(({ domain = '' }) => standardDomain(domain))?.version ?? 0n);
}
