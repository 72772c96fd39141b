/** A step of which all numbers are known: it looks at one voxel at a time, so windows and the whole volume get the same from it. */
export type PointStep =
  | { readonly kind: 'clip'; readonly min: number; readonly max: number }
  /** value * factor + offset; `where` limits it to some voxels, and the others stay as they are. */
  | { readonly kind: 'scale'; readonly factor: number; readonly offset: number; readonly where: Where | null }
  | { readonly kind: 'fillOutside'; readonly mask: string; readonly value: number };

/** Voxels that are not exactly 0, or those of a mask. */
type Where = 'nonzero' | { readonly mask: string };

/** A mask on the voxels of the values at hand. */
export type MaskOf = (id: string) => Uint8Array;

/** Applies steps in order and in place. What is no number stays none. */
export function applySteps(values: Float32Array, steps: readonly PointStep[], maskOf: MaskOf): void {
  for (const step of steps) {
    switch (step.kind) {
      case 'clip':
        clip(values, step.min, step.max);
        break;
      case 'scale':
        scale(values, step, maskOf);
        break;
      case 'fillOutside':
        fillOutside(values, maskOf(step.mask), step.value);
        break;
    }
  }
}

type Scale = Extract<PointStep, { kind: 'scale' }>;

function scale(values: Float32Array, { factor, offset, where }: Scale, maskOf: MaskOf): void {
  if (where === null) scaleAll(values, factor, offset);
  else if (where === 'nonzero') scaleNonzero(values, factor, offset);
  else scaleInside(values, factor, offset, maskOf(where.mask));
}

// Each loop in a function of its own, so that the engine optimizes it as such.

function clip(values: Float32Array, min: number, max: number): void {
  // Without branches, which noise makes hard to foresee; what is no number stays none.
  for (let v = 0; v < values.length; v++) values[v] = Math.min(Math.max(values[v]!, min), max);
}

function scaleAll(values: Float32Array, factor: number, offset: number): void {
  for (let v = 0; v < values.length; v++) values[v] = values[v]! * factor + offset;
}

function scaleNonzero(values: Float32Array, factor: number, offset: number): void {
  for (let v = 0; v < values.length; v++) if (values[v] !== 0) values[v] = values[v]! * factor + offset;
}

function scaleInside(values: Float32Array, factor: number, offset: number, inside: Uint8Array): void {
  for (let v = 0; v < values.length; v++) if (inside[v] !== 0) values[v] = values[v]! * factor + offset;
}

function fillOutside(values: Float32Array, inside: Uint8Array, fill: number): void {
  for (let v = 0; v < values.length; v++) if (inside[v] === 0 && values[v] === values[v]) values[v] = fill;
}
