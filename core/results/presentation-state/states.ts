import type { AnalysisSource } from '../../analysis/index.ts';
import { sopClasses, type Attributes, type Dataset } from '../../dicom/index.ts';
import { slicesOfTheirOwn, touchedSlices, type ShownFinding } from '../common/shown-findings.ts';
import { colourTransform, isColour } from './colour.ts';
import { datasetKey } from './dataset-key.ts';
import { grayscaleTransform, softcopyVoi } from './grayscale.ts';
import { presentedSlices, type PresentedSlice } from './presented-images.ts';

/** Images that one presentation state can stand for. */
export interface StateGroup {
  readonly sopClassUID: string;
  /** Slices by k, in order. */
  readonly slices: readonly number[];
  /** What the state says of the way from stored values to the display. */
  readonly transform: Dataset;
}

/**
 * The states that show the findings: one for all slices that a finding touches, or for all slices where there is none.
 * Where the images do not share one rescale (PET has one per slice) or one kind of samples, one state for each, and only
 * for the slices to look at first: a state can say these things once.
 * @throws OverreadError `results.not-presentable` where attributes or tables of the images are not at hand.
 */
export function stateGroups(
  source: AnalysisSource,
  shown: readonly ShownFinding[],
  images: readonly Attributes[],
): readonly StateGroup[] {
  const count = source.slices.length;
  const touched = touchedSlices(shown, count);
  const all = touched.length > 0 ? touched : Array.from({ length: count }, (_, k) => k);
  const groups = groupsOf(source, all, images);
  if (groups.length === 1) return groups;
  const first = slicesOfTheirOwn(shown, count);
  return groupsOf(
    source,
    first.toSorted((a, b) => a - b),
    images,
  );
}

interface Member {
  readonly k: number;
  readonly image: PresentedSlice;
}

function groupsOf(
  source: AnalysisSource,
  slices: readonly number[],
  images: readonly Attributes[],
): readonly StateGroup[] {
  const presented = presentedSlices(
    slices.flatMap((k) => source.slices[k] ?? []),
    images,
  );
  const groups = new Map<
    string,
    { readonly colour: boolean; readonly transform: Dataset; readonly members: Member[] }
  >();
  presented.forEach((image, index) => {
    const colour = isColour(image);
    const transform = colour ? colourTransform(image) : grayscaleTransform(image);
    const key = datasetKey(transform);
    const group = groups.get(key) ?? { colour, transform, members: [] };
    group.members.push({ k: slices[index] ?? 0, image });
    groups.set(key, group);
  });
  return [...groups.values()].map(({ colour, transform, members }) => ({
    sopClassUID: colour ? sopClasses.colourPresentationState : sopClasses.grayscalePresentationState,
    slices: members.map(({ k }) => k),
    transform: colour ? transform : { ...transform, ...softcopyVoi(members.map(({ image }) => image)) },
  }));
}
