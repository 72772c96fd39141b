import type { Finding, Measurement, Presence, Region, Review, ReviewState, Score } from '../../analysis/index.ts';
import {
  dcmCodes,
  integerOf,
  itemOf,
  measurementNames,
  presences,
  privateCodes,
  reviewStates,
  sctCodes,
  textOf,
  type Code,
} from '../../dicom/index.ts';
import type { Vec3 } from '../../geometry/index.ts';
import type { SeriesGeometry } from '../../volume/index.ts';
import { sameCode } from '../common/code-sequence.ts';
import { fromDateTime } from '../common/date-time.ts';
import type { SliceIndex } from '../common/slice-index.ts';
import { childOf, childrenOf, codeOf, textIn, uidIn, type ContentNode } from './content-tree.ts';
import { graphicPoints } from './read-graphic.ts';
import { measurementOf } from './read-number.ts';
import { axisNames } from './regions.ts';

export interface FindingContext {
  readonly series: SeriesGeometry;
  readonly slices: SliceIndex;
  /** Value in the label map by SegmentNumber of the SEG. */
  readonly labelValue: (segmentNumber: number) => number;
  /** Whether the SEG was read: without it no finding has a segment. */
  readonly segmented: boolean;
}

/** A measurement group as a finding. Null where it has no finding code or no tracking UID: then it is none of ours. */
export function findingOf(group: ContentNode, context: FindingContext): Finding | null {
  const code = codeOf(childOf(group, 'CODE', dcmCodes.finding));
  const trackingUID = uidIn(group, dcmCodes.trackingUID);
  if (code === null || trackingUID === null) return null;
  const site = childOf(group, 'CODE', sctCodes.findingSite);
  const numbers = childrenOf(group, 'NUM', null)
    .map(measurementOf)
    .filter((one) => one !== null);
  return {
    trackingIdentifier: textIn(group, dcmCodes.trackingIdentifier) ?? '',
    trackingUID,
    label: textIn(group, dcmCodes.comment) ?? code.meaning,
    code,
    site: codeOf(site),
    laterality: codeOf(childOf(site ?? group, 'CODE', sctCodes.laterality)),
    place: textIn(group, privateCodes.place),
    score: scoreOf(numbers),
    presence: presenceIn(group, code),
    region: regionOf(group, context),
    measurements: numbers.filter((one) => scoreKind(one) === null),
    review: reviewOf(childOf(group, 'CODE', privateCodes.reviewState)),
  };
}

export function scoreKind({ name }: Measurement): Score['kind'] | null {
  if (sameCode(name, measurementNames.score)) return 'score';
  return sameCode(name, measurementNames.probability) ? 'probability' : null;
}

export function scoreOf(numbers: readonly Measurement[]): Score | null {
  for (const number of numbers) {
    const kind = scoreKind(number);
    if (kind !== null) return { value: number.value, kind };
  }
  return null;
}

/** The statement on the finding's own concept: Present, Absent, Undetermined. */
function presenceIn(group: ContentNode, finding: Code): Presence | null {
  const value = codeOf(childOf(group, 'CODE', finding));
  const names = Object.keys(presences) as Presence[];
  return names.find((name) => sameCode(presences[name], value)) ?? null;
}

/** Box and centre must both be there and lie in the series; a group without them has no region. */
function regionOf(group: ContentNode, context: FindingContext): Region | null {
  const { series, slices } = context;
  const points = (node: ContentNode) => graphicPoints(node, series, slices);
  const corners = [sctCodes.boundedBy, dcmCodes.imageRegion]
    .flatMap((name) => childrenOf(group, 'SCOORD', name))
    .filter(({ attributes }) => textOf(attributes, 'GraphicType') === 'POLYLINE')
    .map(points);
  const centre = childrenOf(group, 'SCOORD', dcmCodes.centre).map(points)[0]?.[0];
  const all = corners.flatMap((some) => some ?? []);
  if (centre === undefined || all.length === 0 || corners.includes(null)) return null;
  const lowest = (axis: 0 | 1 | 2) => all.reduce((least, point) => Math.min(least, point[axis]), Infinity);
  const highest = (axis: 0 | 1 | 2) => all.reduce((most, point) => Math.max(most, point[axis]), -Infinity);
  return {
    // Rectangles run along the outer edges of their pixels; slices are counted whole.
    box: { min: [lowest(0) + 0.5, lowest(1) + 0.5, lowest(2)], max: [highest(0) - 0.5, highest(1) - 0.5, highest(2)] },
    centre,
    segmentNumber: segmentOf(group, context),
    axes: axesOf(group, points),
  };
}

function segmentOf(group: ContentNode, { segmented, labelValue }: FindingContext): number | null {
  if (!segmented) return null;
  for (const name of [dcmCodes.referencedSegment, dcmCodes.segmentation]) {
    const image = childOf(group, 'IMAGE', name);
    const reference = image === null ? null : itemOf(image.attributes, 'ReferencedSOPSequence');
    const number = reference === null ? null : integerOf(reference, 'ReferencedSegmentNumber');
    if (number !== null) return labelValue(number);
  }
  return null;
}

export function axesOf(group: ContentNode, points: (node: ContentNode) => readonly Vec3[] | null): Region['axes'] {
  const ends = (which: 'long' | 'short'): readonly [Vec3, Vec3] | null => {
    const name = axisNames[which];
    const below = childrenOf(group, 'NUM', name).flatMap((number) => number.children);
    const beside = childrenOf(group, null, name);
    for (const node of [...below, ...beside]) {
      if (node.type !== 'SCOORD' && node.type !== 'SCOORD3D') continue;
      const [a, b, ...more] = points(node) ?? [];
      if (a !== undefined && b !== undefined && more.length === 0) return [a, b];
    }
    return null;
  };
  const [long, short] = [ends('long'), ends('short')];
  return long === null || short === null ? null : { long, short };
}

function reviewOf(node: ContentNode | null): Review {
  const value = codeOf(node);
  const states = Object.keys(reviewStates) as ReviewState[];
  const state = states.find((one) => sameCode(reviewStates[one], value));
  if (node === null || state === undefined) return { state: 'unreviewed', reason: null, reviewer: null, at: null };
  const person = childOf(node, 'PNAME', dcmCodes.personObserverName);
  const time = childOf(node, 'DATETIME', privateCodes.reviewTime);
  const at = time === null ? null : textOf(time.attributes, 'DateTime');
  return {
    state,
    reason: codeOf(childOf(node, 'CODE', privateCodes.reviewReason)),
    reviewer: person === null ? null : textOf(person.attributes, 'PersonName'),
    at: at === null ? null : fromDateTime(at),
  };
}
