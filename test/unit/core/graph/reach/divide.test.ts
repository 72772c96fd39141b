import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divide, GraphBuilder, memoryNeed, notFiniteLabel, readModel, type Division } from '@overread/core/graph';
import { equalWindows } from '../../../../../core/graph/reach/equal-windows.ts';
import { randomTensor, runOnCpu, type Values } from '../../../../support/graph-run.ts';
import { meshNet, uNet } from '../../../../support/networks.ts';

const size = [24, 22, 20] as const;
const classes = 9;
const mesh = readModel(meshNet(4, classes, [1, 2, 1]));
const all = { input: 'input', channels: 1, size, outputs: ['logits'], labels: 'logits' } as const;
const everything = memoryNeed(mesh, { input: [1, 1, ...size] });

describe('divide', () => {
  it('leaves alone what has room', () => {
    expect(divide(mesh, { ...all, memory: everything.weights + everything.values })).toBeNull();
  });

  it('chooses labels slab by slab where that is enough', () => {
    const made = divide(mesh, { ...all, memory: everything.values * 0.8 }) as Division;
    expect(made.choosesLabels).toBe(true);
    expect(made.axes.map(({ starts }) => starts)).toEqual([[0], [0], [0]]);
  });

  it('cuts into windows that stay within the memory and give the same labels', async () => {
    const memory = everything.values * 0.4;
    const made = divide(mesh, { ...all, memory }) as Division;
    const [d, h, w] = made.axes;
    const extents = [d.size, h.size, w.size] as const;
    const need = memoryNeed(made.model, { input: [1, 1, ...extents] });
    expect(need.weights + need.values).toBeLessThanOrEqual(memory);

    const image = randomTensor([1, 1, ...size], 5);
    const expected = labelsOf(await runOnCpu(mesh, { input: image }));
    const found = new Uint8Array(expected.length).fill(99);
    for (const k of d.starts) {
      for (const j of h.starts) {
        for (const i of w.starts) {
          const answer = await runOnCpu(made.model, { input: cut(image, [k, j, i], extents) });
          const labels = answer['logits']!.data as Uint8Array;
          labels.forEach((label, n) => {
            const at = [
              Math.floor(n / (extents[1] * extents[2])),
              Math.floor(n / extents[2]) % extents[1],
              n % extents[2],
            ];
            const kept = made.axes.every(({ size: length, before, after }, axis) => {
              const start = [k, j, i][axis]!;
              const fromStart = start === 0 || at[axis]! >= before;
              return fromStart && (start + length === size[axis]! || at[axis]! < length - after);
            });
            const voxel = ((k + at[0]!) * size[1] + j + at[1]!) * size[2] + i + at[2]!;
            if (kept) found[voxel] = label;
          });
        }
      }
    }
    expect(found).toEqual(expected);
    expect(new Set(expected).size).toBeGreaterThan(3);
  });

  it('keeps logits where no label is asked for', () => {
    const made = divide(mesh, { ...all, labels: null, memory: everything.values * 0.4 }) as Division;
    expect(made.choosesLabels).toBe(false);
    expect(made.model).toBe(mesh);
  });

  it('says which node stands in the way', () => {
    expect(divide(readModel(uNet(2, 2, 3)), { ...all, memory: 1000 })).toEqual({
      because: expect.stringContaining('InstanceNormalization') as string,
    });
  });

  it('says that even the smallest windows need more', () => {
    expect(divide(mesh, { ...all, memory: 1000 })).toEqual({ because: expect.stringContaining('smallest') as string });
  });

  it('finds windows for thousands of nodes with fewer tries', () => {
    const graph = new GraphBuilder('long');
    let value = graph.input('input', 'float32', [1, 1, 'D', 'H', 'W']);
    for (let at = 0; at < 3000; at++) value = graph.node('Sigmoid', [value]);
    graph.output(value, 'float32', null, 'logits');
    const memory = 0.6 * 4 * 24 * 22 * 20;
    const made = divide(graph.toModel(), { ...all, labels: null, memory }) as Division;
    const [d, h, w] = made.axes.map(({ size: extent }) => extent) as [number, number, number];
    expect(memoryNeed(made.model, { input: [1, 1, d, h, w] }).values).toBeLessThanOrEqual(memory);
  });

  it('says by a value of its own that logits are no numbers', async () => {
    const made = divide(mesh, { ...all, memory: everything.values * 0.8 }) as Division;
    const image = randomTensor([1, 1, ...size], 5);
    image.data[1234] = NaN;
    const labels = (await runOnCpu(made.model, { input: image }))['logits']!.data as Uint8Array;
    expect(labels.includes(notFiniteLabel)).toBe(true);
  });
});

describe('equalWindows', () => {
  it('give every voxel of the axis a window that holds its neighbourhood', () => {
    const cases = fc.record({
      alignment: fc.constantFrom(1, 2, 4),
      length: fc.integer({ min: 1, max: 40 }),
      pieces: fc.integer({ min: 1, max: 6 }),
      before: fc.integer({ min: 0, max: 9 }),
      after: fc.integer({ min: 0, max: 9 }),
    });
    fc.assert(
      fc.property(cases, ({ alignment, length: units, pieces, before, after }) => {
        const length = units * alignment;
        const reach = { before: [before], after: [after], alignment: [alignment] };
        const windows = equalWindows(length, pieces, reach, 0);
        fc.pre(windows !== null);
        expect(windows.size % alignment).toBe(0);
        for (let at = 0; at < length; at++) {
          const within = windows.starts.some((start) => {
            const low = start === 0 ? 0 : start + before;
            const high = start + windows.size === length ? length : start + windows.size - after;
            return start % alignment === 0 && low <= at && at < high;
          });
          expect(within).toBe(true);
        }
      }),
    );
  });
});

function labelsOf(outputs: Awaited<ReturnType<typeof runOnCpu>>): Uint8Array {
  const logits = outputs['logits']!.data as Float32Array;
  const voxels = logits.length / classes;
  return Uint8Array.from({ length: voxels }, (_, v) => {
    let best = 0;
    for (let c = 1; c < classes; c++) if (logits[c * voxels + v]! > logits[best * voxels + v]!) best = c;
    return best;
  });
}

function cut(
  { data }: Values,
  [k, j, i]: readonly [number, number, number],
  extents: readonly [number, number, number],
): Values {
  const [sd, sh, sw] = extents;
  const values = Float32Array.from({ length: sd * sh * sw }, (_, n) => {
    const at = [k + Math.floor(n / (sh * sw)), j + (Math.floor(n / sw) % sh), i + (n % sw)] as const;
    return data[(at[0] * size[1] + at[1]) * size[2] + at[2]]!;
  });
  return { dims: [1, 1, ...extents], data: values };
}
