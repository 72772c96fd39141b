import { describe, expect, it } from 'vitest';
import {
  askToStop,
  createStopCell,
  isStopAsked,
  runBegins,
  runEnds,
} from '../../../../inference-worker/src/stop/stop-cell.ts';

const flag = 4_242;

function shared() {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
  const raised = () => [...new Uint8Array(memory.buffer).entries()].filter(([, byte]) => byte !== 0);
  return { cell: createStopCell(true), memory, raised };
}

describe('a worker that is asked to stop', () => {
  it('has the flag of its current run raised, and nothing else', () => {
    const { cell, memory, raised } = shared();
    runBegins(cell, memory, flag);
    expect([isStopAsked(cell), raised()]).toEqual([false, []]);
    askToStop(cell, memory);
    expect([isStopAsked(cell), raised()]).toEqual([true, [[flag, 1]]]);
  });

  it('raises the flag of each later run itself', () => {
    const { cell, memory, raised } = shared();
    askToStop(cell, memory);
    expect(raised()).toEqual([]);
    runBegins(cell, memory, flag);
    expect(raised()).toEqual([[flag, 1]]);
  });

  it('has nothing written after its run: the memory may belong to something else', () => {
    const { cell, memory, raised } = shared();
    runBegins(cell, memory, flag);
    runEnds(cell);
    askToStop(cell, memory);
    expect(raised()).toEqual([]);
  });

  it('reaches memory that has grown since, and no further than its end', () => {
    const { cell, memory, raised } = shared();
    runBegins(cell, memory, 65_536 + flag);
    askToStop(cell, memory);
    expect(raised()).toEqual([]);
    memory.grow(1);
    askToStop(cell, memory);
    expect(raised()).toEqual([[65_536 + flag, 1]]);
  });
});
