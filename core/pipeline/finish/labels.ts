import type { Manifest } from '../../model/index.ts';
import { maskNamed } from '../intensity.ts';
import type { Masks } from '../masks/index.ts';
import { giveVoxels } from './give-voxels.ts';
import type { WorkingMap } from './label-maps.ts';

type FinishStep = Manifest['finish'][number];
type OutputLabel = Extract<Manifest['outputs'][number], { kind: 'maskLogits' }>['labels'][number];

/** Labels that may stand only within a mask become background outside it. In place; labels and masks on the source grid. */
export function keepWithin(labels: Uint8Array, outputLabels: readonly OutputLabel[], masks: Masks): void {
  for (const [id, bits] of masksOf(outputLabels, masks)) {
    const bound = new Uint8Array(256);
    for (const label of outputLabels) if (label.within === id) bound[label.value] = 1;
    for (let v = 0; v < labels.length; v++) if (bits[v] === 0 && bound[labels[v]!] !== 0) labels[v] = 0;
  }
}

function masksOf(outputLabels: readonly OutputLabel[], masks: Masks): Map<string, Uint8Array> {
  const ids = outputLabels.flatMap((label) => (label.within === undefined ? [] : [label.within]));
  return new Map(ids.map((id) => [id, maskNamed(masks, id)]));
}

/** Gives every voxel of the step's mask the step's label, but those that hold one of `except` in any map. In place. */
export function assignMask(maps: WorkingMap[], step: Extract<FinishStep, { kind: 'assignMask' }>, masks: Masks): void {
  const bits = maskNamed(masks, step.mask);
  const except = chosenBy(step.except ?? []);
  const keeping = maps.filter(({ segments }) => segments.some(({ number }) => except[number] === 1));
  const at = maps.findIndex(({ segments }) => segments.some(({ number }) => number === step.label));
  if (at < 0) return;
  giveVoxels(maps, at, step.label, (visit) => {
    for (let v = 0; v < bits.length; v++) {
      if (bits[v] !== 0 && !keeping.some(({ labels }) => except[labels[v]!] === 1)) visit(v);
    }
  });
}

/** 1 at these labels, by value. */
export function chosenBy(wanted: readonly number[]): Uint8Array {
  const chosen = new Uint8Array(256);
  for (const label of wanted) chosen[label] = 1;
  return chosen;
}
