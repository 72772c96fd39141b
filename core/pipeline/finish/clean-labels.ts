import type { LabelMap } from '../../analysis/index.ts';
import { boxSize, voxelVolume, type Vec3 } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import { largestComponents } from '../components.ts';
import { fillHolesInVolume, fillHolesPerSlice } from '../masks/holes.ts';
import { giveVoxels } from './give-voxels.ts';
import { componentsOf, labelBoxes, maskOf, rowStart, runsOf, type LabelComponents } from './label-boxes.ts';
import type { WorkingMap } from './label-maps.ts';
import { chosenBy } from './labels.ts';

type FinishStep = Manifest['finish'][number];
type StepOf<K extends FinishStep['kind']> = Extract<FinishStep, { kind: K }>;

// Label maps stand on the source grid and are changed in place. Where a step names no labels, all of a map are meant.

/** Keeps the largest components of each label, or of all the step's labels together; of equal ones the first in memory. */
export function keepLargest(maps: readonly LabelMap[], dims: Vec3, step: StepOf<'keepLargest'>): void {
  if (step.together && maps.length > 1) {
    keepLargestOfAll(maps, dims, step);
    return;
  }
  for (const map of maps) {
    const wanted = labelsOf(map, step);
    const boxes = labelBoxes(map.labels, dims);
    for (const group of step.together ? [wanted] : wanted.map((label) => [label])) {
      eraseSmaller(map.labels, dims, componentsOf(map.labels, dims, group, boxes), step.count);
    }
  }
}

/** Labels of several maps as one thing. */
function keepLargestOfAll(maps: readonly LabelMap[], dims: Vec3, step: StepOf<'keepLargest'>): void {
  const together = new Uint8Array(dims[0] * dims[1] * dims[2]);
  const chosen = maps.map((map) => chosenBy(labelsOf(map, step)));
  for (const [n, { labels }] of maps.entries()) {
    for (let v = 0; v < labels.length; v++) together[v]! |= chosen[n]![labels[v]!]!;
  }
  eraseSmaller(together, dims, componentsOf(together, dims, [1], labelBoxes(together, dims)), step.count);
  for (const [n, { labels }] of maps.entries()) {
    for (let v = 0; v < labels.length; v++) if (together[v] === 0 && chosen[n]![labels[v]!] === 1) labels[v] = 0;
  }
}

function labelsOf(
  { segments }: LabelMap,
  step: { readonly labels?: readonly number[] | undefined },
): readonly number[] {
  const own = segments.map(({ number }) => number);
  return step.labels?.filter((label) => own.includes(label)) ?? own;
}

function eraseSmaller(labels: Uint8Array, dims: Vec3, found: LabelComponents | null, count: number): void {
  if (found === null || found.components.count <= count) return;
  const kept = new Set(largestComponents(found.components, count));
  erase(labels, dims, found, (component) => !kept.has(component));
}

/** Removes the components of each label that are smaller than the step's volume. */
export function removeSmall(map: LabelMap, step: StepOf<'removeSmall'>): void {
  const { labels, grid } = map;
  const { dims } = grid;
  const fewest = (step.minVolume * 1000) / voxelVolume(grid);
  const boxes = labelBoxes(labels, dims);
  for (const label of labelsOf(map, step)) {
    const found = componentsOf(labels, dims, [label], boxes);
    if (found !== null) erase(labels, dims, found, (component) => found.components.sizes[component]! < fewest);
  }
}

/**
 * Gives what a label encloses, within a slice or in the volume, to that label: background, and where labels may overlap others inside too,
 * which keep what they have. Where several enclose background and may not overlap, the first of the step gets it.
 */
export function fillHoles(maps: WorkingMap[], step: StepOf<'fillHoles'>): void {
  for (const [at, map] of [...maps.entries()]) {
    const { dims } = map.grid;
    const boxes = labelBoxes(map.labels, dims);
    for (const label of labelsOf(map, step)) {
      const box = boxes.get(label);
      if (box === undefined) continue;
      const size = boxSize(box);
      const filled = maskOf(map.labels, dims, [label], box);
      if (step.across === 'volume') fillHolesInVolume(filled, size);
      else fillHolesPerSlice(filled, size);
      giveVoxels(maps, at, label, (visit) => {
        for (let row = 0, from = 0; row < size[1] * size[2]; row++) {
          const to = rowStart(row, dims, box);
          for (let i = 0; i < size[0]; i++, from++) {
            if (filled[from] !== 0 && (map.mayOverlap || map.labels[to + i] === 0)) visit(to + i);
          }
        }
      });
    }
  }
}

function erase(labels: Uint8Array, dims: Vec3, found: LabelComponents, isWanted: (component: number) => boolean): void {
  for (const { at, length } of runsOf(found, dims, isWanted)) labels.fill(0, at, at + length);
}
