import { sourceFault, unsupported } from '../fault.ts';
import { plansFile, type Plans } from './plans.ts';

type Triple<T> = [T, T, T];

/** Readers that turn every image the same way: to the head, to the front, to the right, as their arrays [z, y, x] are. */
const turning: ReadonlySet<string> = new Set(['NibabelIOWithReorient', 'SimpleITKIOWithReorient']);
/** Readers that leave images as their files have them. */
const leaving: ReadonlySet<string> = new Set(['SimpleITKIO', 'NibabelIO']);

/**
 * Direction of each axis of the tensor.
 * @param told of the arrays that the reader gives [z, y, x], before they are transposed
 */
export function orientationOf(plans: Plans, told: string | undefined): string {
  const reader = plans.image_reader_writer ?? '';
  const where = `${plansFile} image_reader_writer`;
  const letters = turning.has(reader) ? 'SAR' : told;
  if (!turning.has(reader) && !leaving.has(reader)) throw unsupported(where, `'${reader}' cannot be expressed`);
  if (letters === undefined) {
    throw unsupported(
      where,
      `${reader} leaves images as their files have them: say by --orientation how its arrays [z, y, x] run, e.g. SPL`,
    );
  }
  return transposed([letters.charAt(0), letters.charAt(1), letters.charAt(2)], plans).join('');
}

/** Axes of the array as the network has them. @throws OverreadError `model.source-invalid` */
function transposed<T>(axes: Triple<T>, { transpose_forward: order }: Plans): Triple<T> {
  if ([...order].sort().join() !== '0,1,2') {
    throw sourceFault(`${plansFile} transpose_forward`, 'an order of the axes 0, 1, 2 is expected');
  }
  return order.map((axis) => axes[axis as 0]) as Triple<T>;
}

/** Axes to mirror: the letters of --mirror, e.g. DHW. */
export function mirrorAxes(text: string | undefined, flat: boolean): ('D' | 'H' | 'W')[] {
  const axes = [...new Set(text ?? '')];
  const known = flat ? 'HW' : 'DHW';
  if (axes.every((axis) => known.includes(axis))) return axes as ('D' | 'H' | 'W')[];
  throw sourceFault('--mirror', `letters of ${known} are expected`);
}
