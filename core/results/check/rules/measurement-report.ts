import {
  dcmCodes,
  integerOf,
  itemsOf,
  numbersOf,
  qualitativeEvaluations,
  sctCodes,
  textOf,
  type Code,
} from '../../../dicom/index.ts';
import { named, templateOf, valueOf, type ContentItemAt } from '../content.ts';
import { groupsOf, isMeasurementReport, isNamed } from '../kinds.ts';
import { itemsAt, pathTo } from '../path.ts';
import type { Rule } from '../rule.ts';

const derivedMeasurements: Code = { value: '126011', scheme: 'DCM', meaning: 'Derived Imaging Measurements' };
const outline: Code = { value: '111041', scheme: 'DCM', meaning: 'Outline' };
const sourceImage: Code = { value: '121233', scheme: 'DCM', meaning: 'Source image for segmentation' };

const templateId: Rule = {
  id: 'tid1500.template',
  severity: 'error',
  section: 'PS3.3 C.18.8, PS3.16 TID 1500',
  about: isMeasurementReport,
  *check(subject) {
    const [root] = subject.items;
    if (root === undefined) return;
    const path = pathTo('', 'ContentTemplateSequence');
    if (templateOf(root) !== '1500') yield { path, message: `the document does not name template 1500` };
    else if (textOf(itemsOf(root.attributes, 'ContentTemplateSequence')[0] ?? {}, 'MappingResource') !== 'DCMR') {
      yield { path, message: 'the template is not of the mapping resource DCMR' };
    }
    for (const group of groupsOf(subject)) {
      const template = templateOf(group);
      if (template === null || ['1410', '1411', '1420', '1501'].includes(template)) continue;
      yield {
        path: pathTo(group.path, 'ContentTemplateSequence'),
        message: `template ${template} is none of a measurement group`,
      };
    }
  },
};

const contents: Rule = {
  id: 'tid1500.contents',
  severity: 'error',
  section: 'PS3.16 TID 1500 rows 6, 10, 12',
  about: isMeasurementReport,
  *check({ items }) {
    const [root] = items;
    if (root === undefined) return;
    const containers = root.children.filter((item) =>
      isNamed(item, dcmCodes.imagingMeasurements, derivedMeasurements, qualitativeEvaluations),
    );
    if (containers.length === 0) yield { path: '', message: 'neither measurements nor qualitative evaluations' };
    for (const { children, path } of containers)
      if (children.length === 0) yield { path, message: 'the container is empty' };
  },
};

const procedureReported: Rule = {
  id: 'tid1500.procedure-reported',
  severity: 'warning',
  section: 'PS3.16 TID 1500 row 4',
  about: isMeasurementReport,
  *check({ items }) {
    if (named(items[0]?.children ?? [], dcmCodes.procedureReported).length === 0) {
      yield { path: '', message: 'Procedure reported is missing' };
    }
  },
};

const tracking: Rule = {
  id: 'group.tracking',
  severity: 'error',
  section: 'PS3.16 TID 1410, 1411, 1501 rows 2, 3; IHE AIR 6.5.3',
  about: isMeasurementReport,
  *check(subject) {
    for (const { children, path } of groupsOf(subject)) {
      if (valueOf(children, dcmCodes.trackingIdentifier) === null)
        yield { path, message: 'the group has no Tracking Identifier' };
      if (valueOf(children, dcmCodes.trackingUID) === null)
        yield { path, message: 'the group has no Tracking Unique Identifier' };
    }
  },
};

const trackingUnique: Rule = {
  id: 'group.tracking-unique',
  severity: 'warning',
  section: 'PS3.16 TID 1501 row 3; OHIF merges such groups',
  about: isMeasurementReport,
  *check(subject) {
    const seen = new Set<string>();
    for (const { children, path } of groupsOf(subject)) {
      const uid = valueOf(children, dcmCodes.trackingUID);
      if (uid === null) continue;
      if (seen.has(uid)) yield { path, message: `another group has the tracking UID ${uid} too` };
      seen.add(uid);
    }
  },
};

const findingSite: Rule = {
  id: 'group.finding-site',
  severity: 'error',
  section: 'PS3.16 TID 1419 row 2, TID 1501 row 6',
  about: isMeasurementReport,
  *check(subject) {
    const retired: Code = { value: 'G-C0E3', scheme: 'SRT', meaning: 'Finding Site' };
    for (const group of groupsOf(subject)) {
      for (const site of group.children.filter((item) => isNamed(item, sctCodes.findingSite, retired))) {
        if (site.relationship === 'HAS CONCEPT MOD') continue;
        yield {
          path: pathTo(site.path, 'RelationshipType'),
          message: `Finding Site is ${site.relationship ?? 'unrelated'}, not HAS CONCEPT MOD`,
        };
      }
    }
  },
};

const closedContour: Rule = {
  id: 'group.closed-contour',
  severity: 'error',
  section: 'PS3.3 C.18.6.1.2',
  about: isMeasurementReport,
  *check(subject) {
    for (const item of subject.items) {
      const { type, attributes, path } = item;
      if (type !== 'SCOORD' && type !== 'SCOORD3D') continue;
      const kind = textOf(attributes, 'GraphicType');
      const region = isNamed(item, dcmCodes.imageRegion, outline, sctCodes.boundedBy);
      if (kind !== 'POLYGON' && !(kind === 'POLYLINE' && region)) continue;
      const numbers = numbersOf(attributes, 'GraphicData') ?? [];
      const width = type === 'SCOORD' ? 2 : 3;
      const first = numbers.slice(0, width).join();
      // Two points are an axis that somebody called a region: `graphic-points` would not see it either.
      if (numbers.length < width || first !== numbers.slice(-width).join()) {
        yield { path: pathTo(path, 'GraphicData'), message: 'the contour of a region is not closed' };
      }
    }
  },
};

const segmentReference: Rule = {
  id: 'group.segment',
  severity: 'error',
  section: 'PS3.16 TID 1411 rows 7, 11, 12',
  about: isMeasurementReport,
  *check(subject) {
    for (const { children } of groupsOf(subject)) {
      for (const reference of named(children, dcmCodes.referencedSegment)) {
        for (const { attributes, path } of itemsAt(reference, 'ReferencedSOPSequence')) {
          if (integerOf(attributes, 'ReferencedSegmentNumber') !== null) continue;
          yield { path: pathTo(path, 'ReferencedSegmentNumber'), message: 'Referenced Segment names no segment' };
        }
        if (children.some((item) => isNamed(item, sourceImage, dcmCodes.sourceSeriesForSegmentation))) continue;
        yield { path: reference.path, message: 'Referenced Segment without its source images or source series' };
      }
    }
  },
};

const oneKind: Rule = {
  id: 'group.one-kind',
  severity: 'warning',
  section: 'PS3.16 TID 1500; template validators refuse documents that mix kinds of groups',
  about: isMeasurementReport,
  *check(subject) {
    const kinds = new Set(groupsOf(subject).map(kindOf));
    if (kinds.size > 1) yield { path: '', message: `groups of several kinds: ${[...kinds].sort().join(', ')}` };
  },
};

function kindOf(group: ContentItemAt): string {
  return templateOf(group) ?? (named(group.children, dcmCodes.referencedSegment).length > 0 ? '1411' : 'unnamed');
}

export const measurementReportRules: readonly Rule[] = [
  templateId,
  contents,
  procedureReported,
  tracking,
  trackingUnique,
  findingSite,
  closedContour,
  segmentReference,
  oneKind,
];
