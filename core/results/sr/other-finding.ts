import type { Region } from '../../analysis/index.ts';
import { dcmCodes, integerOf, itemOf, sctCodes, textOf, type Code } from '../../dicom/index.ts';
import type { Notice } from '../../errors/index.ts';
import type { IndexBox, Vec3 } from '../../geometry/index.ts';
import type { SeriesGeometry } from '../../volume/index.ts';
import { sameCode } from '../common/code-sequence.ts';
import type { SliceIndex } from '../common/slice-index.ts';
import type { OtherFinding, Remark } from '../other.ts';
import { problem } from '../problem.ts';
import { below, childOf, codeOf, textIn, uidIn, type ContentNode } from './content-tree.ts';
import { boxOfGraphics, graphicOf, type Graphic } from './graphics.ts';
import { axesOf, scoreKind, scoreOf } from './read-finding.ts';
import { graphicPoints } from './read-graphic.ts';
import { measurementOf } from './read-number.ts';
import { remarkOf } from './remark.ts';

export interface OtherContext {
  readonly series: SeriesGeometry;
  readonly slices: SliceIndex;
  /** SOP Instance UID of the document. */
  readonly document: string;
  readonly problems: Notice[];
}

/** A measurement group as a finding; what another maker leaves out is unknown, what it says beyond is a remark. */
export function otherFinding(group: ContentNode, context: OtherContext): OtherFinding {
  const code = codeOf(childOf(group, 'CODE', dcmCodes.finding));
  const site = childOf(group, 'CODE', sctCodes.findingSite);
  const trackingIdentifier = textIn(group, dcmCodes.trackingIdentifier) ?? '';
  const numbers = group.children.map(measurementOf).filter((one) => one !== null);
  const graphics = graphicsOf(group, context);
  return {
    trackingIdentifier,
    trackingUID: uidIn(group, dcmCodes.trackingUID) ?? '',
    label: textIn(group, dcmCodes.comment) ?? (code?.meaning || trackingIdentifier),
    code: code ?? sctCodes.unknown,
    site: codeOf(site),
    laterality: codeOf(childOf(site ?? group, 'CODE', sctCodes.laterality)),
    place: site === null ? null : (codeOf(childOf(site, 'CODE', sctCodes.topographicalModifier))?.meaning ?? null),
    score: scoreOf(numbers),
    presence: null,
    region: regionOf(group, graphics, context),
    measurements: numbers.filter((one) => scoreKind(one) === null),
    review: { state: 'unreviewed', reason: null, reviewer: null, at: null },
    graphics,
    segment: segmentOf(group),
    remarks: remarksOf(group, context),
  };
}

/** Shapes of the group and of its numbers; those that lie elsewhere are told. */
function graphicsOf(group: ContentNode, { series, slices, document, problems }: OtherContext): readonly Graphic[] {
  const nodes = [...below(group)].filter((node) => node.type === 'SCOORD' || node.type === 'SCOORD3D');
  const found = nodes.map((node) => graphicOf(node, series, slices));
  const lost = found.filter((graphic) => graphic === null).length;
  if (lost > 0) problems.push(notUnderstood(document, `${lost} shapes lie on other images or are malformed`));
  return found.filter((graphic) => graphic !== null);
}

function regionOf(group: ContentNode, graphics: readonly Graphic[], context: OtherContext): Region | null {
  const { series, slices, document, problems } = context;
  if (graphics.length === 0) return null;
  const box = boxOfGraphics(graphics, series.grid);
  if (box === null) {
    problems.push(notUnderstood(document, 'a shape lies outside the series'));
    return null;
  }
  return {
    box,
    centre: centreOf(box, graphics),
    segmentNumber: null,
    axes: axesOf(group, (node) => graphicPoints(node, series, slices)),
  };
}

/** The middle of the box, on the slice of the shapes that is nearest to it. */
function centreOf(box: IndexBox, graphics: readonly Graphic[]): Vec3 {
  const middle = (axis: 0 | 1 | 2) => (box.min[axis] + box.max[axis]) / 2;
  const slices = graphics.flatMap(({ points }) => points.map((point) => Math.round(point[2])));
  const nearest = slices.reduce(
    (best, k) => (Math.abs(k - middle(2)) < Math.abs(best - middle(2)) ? k : best),
    box.min[2],
  );
  return [Math.round(middle(0)), Math.round(middle(1)), Math.min(Math.max(nearest, box.min[2]), box.max[2])];
}

function segmentOf(group: ContentNode): OtherFinding['segment'] {
  for (const node of group.children) {
    const reference = node.type === 'IMAGE' ? itemOf(node.attributes, 'ReferencedSOPSequence') : null;
    const segmentNumber = reference === null ? null : integerOf(reference, 'ReferencedSegmentNumber');
    const sopInstanceUID = reference === null ? null : textOf(reference, 'ReferencedSOPInstanceUID');
    if (segmentNumber !== null && sopInstanceUID !== null) return { sopInstanceUID, segmentNumber };
  }
  return null;
}

/** Concepts that have a place of their own in a finding. */
const placed: readonly Code[] = [
  dcmCodes.finding,
  dcmCodes.trackingIdentifier,
  dcmCodes.trackingUID,
  dcmCodes.comment,
  sctCodes.findingSite,
  sctCodes.laterality,
];

/** Kinds of content that are read elsewhere: numbers, coordinates, and the images that they refer to. */
const readElsewhere: readonly (string | null)[] = ['NUM', 'SCOORD', 'SCOORD3D', 'IMAGE'];

function remarksOf(group: ContentNode, { document, problems }: OtherContext): readonly Remark[] {
  const remarks: Remark[] = [];
  for (const node of group.children) {
    if (readElsewhere.includes(node.type) || placed.some((name) => sameCode(node.name, name))) continue;
    const remark = remarkOf(node);
    if (remark !== null) remarks.push(remark);
    else
      problems.push(notUnderstood(document, `${node.type ?? 'an item'} "${node.name?.meaning ?? 'without a name'}"`));
  }
  return remarks;
}

/** Names of concepts may be told, their values never: they could say who the patient is. */
function notUnderstood(document: string, what: string) {
  return problem('not-understood', `In the report ${document}: ${what}.`);
}
