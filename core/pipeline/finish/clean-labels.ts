import { boxSize, voxelVolume, type Grid, type Vec3 } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import { largestComponents } from '../components.ts';
import { fillHolesInVolume, fillHolesPerSlice } from '../masks/holes.ts';
import { componentsOf, labelBoxes, maskOf, rowStart, runsOf, type LabelComponents } from './label-boxes.ts';

type FinishStep = Manifest['finish'][number];
type StepOf<K extends FinishStep['kind']> = Extract<FinishStep, { kind: K }>;

// Labels stand on the source grid and are changed in place. `table` holds the labels of the manifest: where a step names none, all are meant.

/** Keeps the largest components of each label, or of all the step's labels together; of equal ones the first in memory. */
export function keepLargest(
  labels: Uint8Array,
  dims: Vec3,
  step: StepOf<'keepLargest'>,
  table: readonly number[],
): void {
  const wanted = step.labels ?? table;
  const boxes = labelBoxes(labels, dims);
  for (const group of step.together ? [wanted] : wanted.map((label) => [label])) {
    const found = componentsOf(labels, dims, group, boxes);
    if (found === null || found.components.count <= step.count) continue;
    const kept = new Set(largestComponents(found.components, step.count));
    erase(labels, dims, found, (component) => !kept.has(component));
  }
}

/** Removes the components of each label that are smaller than the step's volume. */
export function removeSmall(
  labels: Uint8Array,
  grid: Grid,
  step: StepOf<'removeSmall'>,
  table: readonly number[],
): void {
  const { dims } = grid;
  const fewest = (step.minVolume * 1000) / voxelVolume(grid);
  const boxes = labelBoxes(labels, dims);
  for (const label of step.labels ?? table) {
    const found = componentsOf(labels, dims, [label], boxes);
    if (found !== null) erase(labels, dims, found, (component) => found.components.sizes[component]! < fewest);
  }
}

/**
 * Gives background that a label encloses, within a slice or in the volume, to that label; other labels inside stay. Where several enclose it, the first of the
 * step gets it.
 */
export function fillHoles(labels: Uint8Array, dims: Vec3, step: StepOf<'fillHoles'>, table: readonly number[]): void {
  const boxes = labelBoxes(labels, dims);
  for (const label of step.labels ?? table) {
    const box = boxes.get(label);
    if (box === undefined) continue;
    const size = boxSize(box);
    const filled = maskOf(labels, dims, [label], box);
    if (step.across === 'volume') fillHolesInVolume(filled, size);
    else fillHolesPerSlice(filled, size);
    for (let row = 0, from = 0; row < size[1] * size[2]; row++) {
      const to = rowStart(row, dims, box);
      for (let i = 0; i < size[0]; i++, from++) if (filled[from] !== 0 && labels[to + i] === 0) labels[to + i] = label;
    }
  }
}

function erase(labels: Uint8Array, dims: Vec3, found: LabelComponents, isWanted: (component: number) => boolean): void {
  for (const { at, length } of runsOf(found, dims, isWanted)) labels.fill(0, at, at + length);
}
