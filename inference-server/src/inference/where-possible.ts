import { ruledOutBy } from '@overread/core/pipeline';
import { choosePlace, type ChosenPlace, type Search } from './choose-place.ts';

/**
 * Computes at the best place, and goes on in smaller windows or at the next place where that one gives up in the middle. What a GPU has room for
 * shows only then: the WebGPU of onnxruntime-node says neither how much memory there is nor how large a buffer may be.
 * @throws OverreadError what `compute` throws where nothing is left to try, and what `choosePlace` throws
 */
export async function computeWherePossible<T>(
  search: Search,
  compute: (chosen: ChosenPlace) => Promise<T>,
): Promise<T> {
  for (let { ruledOut } = search; ;) {
    const chosen = await choosePlace({ ...search, ruledOut });
    try {
      return await compute(chosen);
    } catch (error) {
      const { kind } = chosen.runtime;
      const run = { model: search.model, used: chosen.model, runtime: kind, elsewhere: kind === 'node-gpu' };
      const next = ruledOutBy(error, run, ruledOut);
      if (next === null) throw error;
      ruledOut = next;
    }
  }
}
