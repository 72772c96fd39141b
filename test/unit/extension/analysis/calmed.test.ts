import { describe, expect, it } from 'vitest';
import type { Progress } from '@overread/core/pipeline';
import { calmed } from '../../../../extension/src/analysis/calmed.ts';

const progress = (stage: Progress['stage'], done: number, total = 144): Progress => ({
  stage,
  done,
  total,
  unit: 'images',
  remainingMilliseconds: null,
});

function listening() {
  const told: string[] = [];
  let time = 0;
  const listener = calmed(
    ({ stage, done }) => told.push(`${stage} ${done}`),
    () => time,
  );
  return { told, listener, at: (milliseconds: number) => (time = milliseconds) };
}

describe('progress, calmed', () => {
  it('tells the first of a stage, then ten a second, then the last', () => {
    const { told, listener, at } = listening();
    for (let done = 0; done <= 144; done++) {
      at(done * 5);
      listener(progress('images', done));
    }
    expect(told).toEqual([0, 20, 40, 60, 80, 100, 120, 140, 144].map((done) => `images ${done}`));
  });

  it('tells a new stage at once', () => {
    const { told, listener, at } = listening();
    listener(progress('images', 143));
    at(1);
    listener(progress('prepare', 0, 3));
    at(2);
    listener(progress('prepare', 1, 3));
    listener(progress('tile', 0, 8));
    expect(told).toEqual(['images 143', 'prepare 0', 'tile 0']);
  });
});
