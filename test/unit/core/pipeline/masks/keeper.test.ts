import { describe, expect, it } from 'vitest';
import { makeGrid } from '@overread/core/geometry';
import { computeMasks, MaskKeeper } from '../../../../../core/pipeline/masks/index.ts';
import { Steps } from '../../../../../core/pipeline/steps.ts';
import { thorax } from '../../../../support/thorax.ts';

const body = { kind: 'bodyMask', id: 'body', above: -500 } as const;
const lungs = { kind: 'lungField', id: 'lungs', body: 'body', below: -400, minVolume: 100, closingRadius: 12 } as const;
/** With a nodule at the wall of a lung, which only a wide closing takes in. */
const ct = () => thorax({ spacing: [4, 4, 4], balls: [{ centre: [108, 0, 0], radius: 9 }] });
const compute = (volume: ReturnType<typeof ct>, wanted: Parameters<typeof computeMasks>[1], keeper?: MaskKeeper) =>
  computeMasks(volume, wanted, new Steps(undefined, undefined), keeper);

describe('masks kept from run to run', () => {
  it('are the same ones for the same voxels, under whatever name', async () => {
    const keeper = new MaskKeeper();
    const first = await compute(ct(), [body, lungs], keeper);
    const again = await compute(
      ct(),
      [
        { ...body, id: 'patient' },
        { ...lungs, body: 'patient' },
      ],
      keeper,
    );
    expect(again.get('patient')).toBe(first.get('body'));
    expect(again.get('lungs')).toBe(first.get('lungs'));
  });

  it('are made anew where a step differs, and are then what they are without a keeper', async () => {
    const keeper = new MaskKeeper();
    const wanted = [body, { ...lungs, closingRadius: 2 }];
    const first = await compute(ct(), [body, lungs], keeper);
    const other = await compute(ct(), wanted, keeper);
    const alone = await compute(ct(), wanted);
    expect(other.get('body')).toBe(first.get('body'));
    expect(other.get('lungs')!.bits).not.toEqual(first.get('lungs')!.bits);
    expect(other.get('lungs')!.bits).toEqual(alone.get('lungs')!.bits);
  });

  it('depend on the body that the lungs are looked for in', async () => {
    const keeper = new MaskKeeper();
    const first = await compute(ct(), [body, lungs], keeper);
    const denser = await compute(ct(), [{ ...body, above: -300 }, lungs], keeper);
    expect(denser.get('lungs')).not.toBe(first.get('lungs'));
  });

  it('are not those of a series in which one voxel is another', async () => {
    const keeper = new MaskKeeper();
    const first = await compute(ct(), [body], keeper);
    const changed = ct();
    changed.samples[changed.samples.length >> 1] = 1234;
    const other = await compute(changed, [body], keeper);
    expect(other.get('body')).not.toBe(first.get('body'));
  });

  it('are let go where they are too large to keep', async () => {
    const keeper = new MaskKeeper(1000);
    const first = await compute(ct(), [body], keeper);
    const again = await compute(ct(), [body], keeper);
    expect(again.get('body')).not.toBe(first.get('body'));
    expect(again.get('body')!.bits).toEqual(first.get('body')!.bits);
  });

  it('are not those of a series with other spacing', async () => {
    const keeper = new MaskKeeper();
    const volume = ct();
    const first = await compute(volume, [body], keeper);
    const [x, y, z] = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as const;
    const grid = makeGrid(volume.grid.dims, [5, 5, 6], [x, y, z], [0, 0, 0]);
    const other = await compute({ ...volume, grid }, [body], keeper);
    expect(other.get('body')).not.toBe(first.get('body'));
  });
});
