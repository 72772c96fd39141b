import type { Analysis, ComputePlace, Segment } from '../../analysis/index.ts';
import { newUID } from '../../dicom/index.ts';
import { OverreadError, type Notice } from '../../errors/index.ts';
import { boxSize, gridBox, intersectBoxes, voxelCount, type Grid, type IndexBox } from '../../geometry/index.ts';
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
 * @param things the masks of each thing, one per slice or more. Things that overlap keep their voxels, in different label maps.
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
  const painted = paintThings(things, grid);
  const boxes = new Map(painted.map(({ labels }) => [labels, labelBoxes(labels, grid.dims)]));
  const findings = things.flatMap((_, n) => {
    const number = n + 1;
    const { labels, segments } = painted.find(({ numbers }) => numbers.includes(number))!;
    const found = componentsOf(labels, grid.dims, [number], boxes.get(labels)!);
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
    labelMaps: painted.flatMap(({ labels, segments }) => (segments.length === 0 ? [] : [{ grid, labels, segments }])),
    heatMaps: [],
  };
}

function sameBox(a: IndexBox | null, b: IndexBox): boolean {
  return a !== null && [0, 1, 2].every((axis) => a.min[axis] === b.min[axis] && a.max[axis] === b.max[axis]);
}

interface Painted {
  readonly labels: Uint8Array;
  /** Of the things in it, from 1. */
  readonly numbers: number[];
  readonly segments: Segment[];
}

/** Each thing in the first map where it meets no other. */
function paintThings(things: readonly (readonly PromptMask[])[], grid: Grid): readonly Painted[] {
  const maps: Painted[] = [];
  for (const [n, masks] of things.entries()) {
    const isFree = ({ labels }: Painted) => masks.every((mask) => !someVoxel(mask, grid, (at) => labels[at] !== 0));
    let map = maps.find(isFree);
    if (map === undefined) maps.push((map = { labels: new Uint8Array(voxelCount(grid)), numbers: [], segments: [] }));
    const { labels, numbers } = map;
    numbers.push(n + 1);
    for (const mask of masks) {
      someVoxel(mask, grid, (at) => {
        labels[at] = n + 1;
        return false;
      });
    }
  }
  return maps;
}

/** Whether any voxel of a mask is so: indices on the grid, until one is. */
function someVoxel({ box, bits }: PromptMask, { dims }: Grid, is: (at: number) => boolean): boolean {
  const [bi, bj, bk] = boxSize(box);
  for (let row = 0, from = 0; row < bj * bk; row++) {
    const to = rowStart(row, dims, box);
    for (let i = 0; i < bi; i++, from++) if (bits[from] !== 0 && is(to + i)) return true;
  }
  return false;
}
