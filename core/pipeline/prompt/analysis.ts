import type { Analysis, ComputePlace, Segment } from '../../analysis/index.ts';
import { newUID } from '../../dicom/index.ts';
import { OverreadError, type Notice } from '../../errors/index.ts';
import { boxSize, gridBox, intersectBoxes, voxelCount, type IndexBox } from '../../geometry/index.ts';
import type { LoadedModel } from '../../model/index.ts';
import type { Volume } from '../../volume/index.ts';
import { componentsOf, labelBoxes, rowStart, runsOf } from '../finish/label-boxes.ts';
import { regionFinding } from '../finish/region-finding.ts';
import { identityOf, sourceOf } from '../origin.ts';
import type { PromptMask } from './types.ts';

export interface PromptedResult {
  readonly volume: Volume;
  readonly model: LoadedModel;
  readonly place: ComputePlace;
  readonly seriesNumber: number | null;
  /** When the first of the prompts was given, ISO 8601. */
  readonly startedAt: string;
}

/** Nobody shall take such a result for what the model finds by itself, nor its silence for a statement. */
const markedByReader: Notice = {
  code: 'prompt.marked-by-reader',
  message: 'Made from marks that a reader set in the images: it says nothing about what was not marked.',
};

/** Labels of a label map. */
const mostThings = 255;

/**
 * Masks that a person kept, as a result like any other: reviewed, stored and read back the same way.
 * @param things the masks of each thing, one per slice or more. Where two things overlap, the later one stands.
 * @throws OverreadError `model.unsupported` for a model without prompts, `prompt.unusable` for more things than a label map has labels
 */
export function promptedAnalysis(
  things: readonly (readonly PromptMask[])[],
  { volume, model, place, seriesNumber, startedAt }: PromptedResult,
): Analysis {
  const kind = model.manifest.prompts?.finding;
  if (kind === undefined) throw new OverreadError('model.unsupported', { why: 'it takes no prompts' });
  if (things.length > mostThings) {
    throw new OverreadError('prompt.unusable', {
      why: `${things.length} things are more than the ${mostThings} of a label map`,
    });
  }
  const { grid } = volume;
  const beyond = things.flat().some(({ box }) => !sameBox(intersectBoxes(box, gridBox(grid)), box));
  if (beyond) throw new OverreadError('prompt.unusable', { why: 'a mask lies beyond the series' });
  const labels = new Uint8Array(voxelCount(grid));
  for (const [n, masks] of things.entries()) for (const mask of masks) paint(mask, n + 1, labels, volume);
  const boxes = labelBoxes(labels, grid.dims);
  const segments: Segment[] = [];
  const findings = things.flatMap((_, n) => {
    const number = n + 1;
    const found = componentsOf(labels, grid.dims, [number], boxes);
    if (found === null) return [];
    const identity = { trackingIdentifier: `${kind.label} ${number}`, trackingUID: newUID() };
    const { category, code: type, colour } = kind;
    const algorithmType = 'SEMIAUTOMATIC' as const;
    segments.push({ number, label: identity.trackingIdentifier, category, type, algorithmType, colour, ...identity });
    const runs = [...runsOf(found, grid.dims, () => true)];
    return [regionFinding(runs, { ...identity, kind, segmentNumber: number }, volume)];
  });
  return {
    uid: newUID(),
    model: identityOf(model),
    source: sourceOf(volume, seriesNumber),
    place,
    outcome: 'completed',
    startedAt,
    finishedAt: new Date().toISOString(),
    timings: [],
    warnings: [...volume.warnings, markedByReader],
    findings,
    labelMaps: segments.length === 0 ? [] : [{ grid, labels, segments }],
    heatMaps: [],
  };
}

function sameBox(a: IndexBox | null, b: IndexBox): boolean {
  return a !== null && [0, 1, 2].every((axis) => a.min[axis] === b.min[axis] && a.max[axis] === b.max[axis]);
}

function paint({ box, bits }: PromptMask, label: number, labels: Uint8Array, { grid }: Volume): void {
  const [bi, bj, bk] = boxSize(box);
  for (let row = 0, from = 0; row < bj * bk; row++) {
    const to = rowStart(row, grid.dims, box);
    for (let i = 0; i < bi; i++, from++) if (bits[from] !== 0) labels[to + i] = label;
  }
}
