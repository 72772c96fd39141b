import { dcmCodes, integerOf, itemsOf, textOf } from '../../../dicom/index.ts';
import type { ContentItemAt } from '../content.ts';
import { groupsOf, isMeasurementReport, isNamed, isReport, isSegmentation } from '../kinds.ts';
import { itemsBelow, pathTo } from '../path.ts';
import type { Rule } from '../rule.ts';
import { missing, whole } from './require.ts';

/** What the OHIF Viewer (3.11 to 3.14) needs beyond the standard. */
const ohif = 'OHIF Viewer 3.11 to 3.14';

const title: Rule = {
  id: 'viewer.title',
  severity: 'warning',
  section: ohif,
  about: isReport,
  *check({ items }) {
    const name = items[0]?.name;
    if (name?.scheme === 'DCM' && name.value === '126000') return;
    yield {
      path: pathTo('', 'ConceptNameCodeSequence'),
      message: 'shown as text only: not an Imaging Measurement Report (126000, DCM)',
    };
  },
};

/** Containers and items that the viewer finds by their meaning, letter for letter. */
const byMeaning = [
  dcmCodes.imagingMeasurements,
  dcmCodes.measurementGroup,
  dcmCodes.trackingIdentifier,
  dcmCodes.trackingUID,
] as const;

const meanings: Rule = {
  id: 'viewer.meaning',
  severity: 'warning',
  section: ohif,
  about: isMeasurementReport,
  *check({ items }) {
    for (const item of items) {
      const expected = byMeaning.find((code) => isNamed(item, code))?.meaning;
      if (expected === undefined || item.name?.meaning === expected) continue;
      const path = pathTo(item.path, 'ConceptNameCodeSequence');
      yield { path, message: `not found by the viewer: it looks for "${expected}", not "${item.name?.meaning ?? ''}"` };
    }
  },
};

const coordinates: Rule = {
  id: 'viewer.coordinates',
  severity: 'warning',
  section: ohif,
  about: isMeasurementReport,
  *check(subject) {
    for (const { children, path } of groupsOf(subject)) {
      const numbers = children.filter(({ type }) => type === 'NUM');
      const drawn =
        hasCoordinates(children) || (numbers.length > 0 && numbers.every((item) => hasCoordinates(item.children)));
      if (!drawn) yield { path, message: 'the group is not drawn: neither it nor its numbers have coordinates' };
    }
  },
};

/** The viewer offers to edit a group by its Image Region, but takes the points from below the first number. */
const editable: Rule = {
  id: 'viewer.editable',
  severity: 'warning',
  section: ohif,
  about: isMeasurementReport,
  *check(subject) {
    for (const { children } of groupsOf(subject)) {
      const shape = children.find((item) => hasCoordinates([item]));
      const number = children.find(({ type }) => type === 'NUM');
      if (shape === undefined || number === undefined || !isNamed(shape, dcmCodes.imageRegion)) continue;
      if (hasCoordinates(number.children)) continue;
      yield {
        path: number.path,
        message: 'the region cannot be edited: the first number does not repeat its coordinates',
      };
    }
  },
};

const hasCoordinates = (items: readonly ContentItemAt[]) =>
  items.some(({ type }) => type === 'SCOORD' || type === 'SCOORD3D');

const trackingFirst: Rule = {
  id: 'viewer.tracking-first',
  severity: 'warning',
  section: ohif,
  about: isMeasurementReport,
  *check(subject) {
    for (const { children } of groupsOf(subject)) {
      const first = children.find(({ type }) => type === 'UIDREF');
      if (first === undefined || isNamed(first, dcmCodes.trackingUID)) continue;
      yield { path: first.path, message: 'the first UID of the group is not its Tracking Unique Identifier' };
    }
  },
};

const segmentationLoads: Rule = {
  id: 'viewer.segmentation',
  severity: 'warning',
  section: ohif,
  about: isSegmentation,
  *check({ dataset }) {
    yield* missing(whole(dataset), ['ReferencedSeriesSequence', 'FrameOfReferenceUID']);
    if (textOf(dataset, 'SegmentationType') === 'FRACTIONAL') {
      yield {
        path: pathTo('', 'SegmentationType'),
        message: 'FRACTIONAL segmentations are shown only where every value is 0 or the maximum',
      };
    }
    const bits = (integerOf(dataset, 'Rows') ?? 0) * (integerOf(dataset, 'Columns') ?? 0);
    const frames = integerOf(dataset, 'NumberOfFrames') ?? 1;
    const isPadded = Math.ceil((frames * bits) / 8) % 2 === 1;
    if (integerOf(dataset, 'BitsAllocated') === 1 && frames > 1 && bits % 8 !== 0 && !isPadded) {
      yield {
        path: pathTo('', 'PixelData'),
        message: `drawn wrongly by OHIF 3.13: ${frames} frames of ${bits} bits, which are no whole bytes`,
      };
    }
    const groups = [
      ...itemsBelow(dataset, 'SharedFunctionalGroupsSequence'),
      ...itemsBelow(dataset, 'PerFrameFunctionalGroupsSequence'),
    ];
    if (!groups.some(({ attributes }) => itemsOf(attributes, 'PlaneOrientationSequence').length > 0)) {
      yield { path: '', message: 'neither the shared nor the per-frame groups say the plane orientation' };
    }
  },
};

export const viewerRules: readonly Rule[] = [title, meanings, coordinates, editable, trackingFirst, segmentationLoads];
