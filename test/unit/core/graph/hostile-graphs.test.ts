import { describe, expect, it } from 'vitest';
import { readModel, rewriteForTarget, writeModel } from '@overread/core/graph';
import { answerOf } from '../../../support/ask-everything.ts';
import { hostileGraphs } from '../../../support/hostile-graphs.ts';

// At full size each question takes well under a second, all of them together a few; the limit is there to find what hangs.
const graphs = hostileGraphs(process.env['OVERREAD_LONG'] === '1' ? 1 : 1 / 16);

describe('a graph made to cost much', () => {
  it.each(Object.entries(graphs))('is answered or refused by name: %s', { timeout: 120_000 }, (_, make) => {
    expect(answerOf(writeModel(make()))).toMatch(/^(?:answered|graph\.over-limit)$/);
  });

  it('does not become gigabytes: constants that passes make are counted together', () => {
    const model = hostileGraphs(1)['one kernel for many transposed convolutions']!();
    const { model: rewritten, skipped } = rewriteForTarget(readModel(writeModel(model)), 'webgpu');
    expect(new Set(skipped.map(({ because }) => because))).toEqual(new Set(['its weights would become too large']));
    expect(writeModel(rewritten).length).toBeLessThan(2 ** 27);
  });
});
