import { OverreadError } from '../errors/index.ts';

/**
 * What a passed self-test holds for, besides the model and the machine: counts up whenever graphs are rewritten in another way, at whatever place
 * (a test keeps what the passes make beside it).
 */
export const rewritingVersion = 6;

/** core/graph, loaded with the first graph that is read. @throws OverreadError `runtime.unavailable` */
export async function loadGraphTools() {
  try {
    return await import('../graph/index.ts');
  } catch (error) {
    const why = 'the code that reads graphs could not be loaded';
    throw new OverreadError('runtime.unavailable', { why, cause: error });
  }
}
