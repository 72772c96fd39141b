import type { Finding } from '../../analysis/index.ts';
import type { StoredSegmentation } from '../object.ts';

/**
 * Templates of a measurement group (PS3.16). TID 1411: the measurements of a segment. TID 1410: a region of one image.
 * TID 1501: measurements that carry their own coordinates, and everything else.
 */
export type GroupKind = '1501' | '1410' | '1411';

/** The kind that says most about a finding. @param link The SEG that the documents refer to. */
function groupKind({ region, measurements, score }: Finding, link: StoredSegmentation | null): GroupKind {
  if (region === null || region.axes !== null) return '1501';
  const segmented = region.segmentNumber !== null && link?.numbers.has(region.segmentNumber) === true;
  const numbers = measurements.length > 0 || score !== null;
  // TID 1419 of a volume wants a measurement.
  if (segmented) return numbers ? '1411' : '1501';
  // Numbers in TID 1410 may not carry coordinates, and viewers look for the place of a number nowhere else.
  const planar = region.box.min[2] === region.box.max[2] && region.centre[2] === region.box.min[2];
  return planar && !numbers ? '1410' : '1501';
}

/** What the groups of one document have in common, since validators refuse documents that mix kinds. */
export interface GroupsOfKind {
  readonly kind: GroupKind;
  /**
   * Whether they have a place. Without one they are of TID 1501, but beside groups with an *Image Region* they are taken
   * for groups of TID 1410 that lack theirs: they stand in a document of their own.
   */
  readonly placed: boolean;
  /** In their order. */
  readonly findings: readonly Finding[];
}

export interface DocumentPlan {
  /** What stands in the root itself. */
  readonly root: GroupsOfKind;
  /** What stands in documents of its own that the root refers to, in the order of the references. */
  readonly parts: readonly GroupsOfKind[];
  /** For each finding the document it stands in: 0 is the root, 1 its first part. */
  readonly documentOf: readonly number[];
}

/** What documents there can be, the likeliest root first. */
const documents: readonly Omit<GroupsOfKind, 'findings'>[] = [
  { kind: '1501', placed: true },
  { kind: '1501', placed: false },
  { kind: '1410', placed: true },
  { kind: '1411', placed: true },
];

/** Which findings stand in which document: one document for each kind that occurs, the first of them the root. */
export function planDocuments(findings: readonly Finding[], link: StoredSegmentation | null): DocumentPlan {
  const documentsOf = findings.map((finding) => {
    const kind = groupKind(finding, link);
    return documents.findIndex((one) => one.kind === kind && one.placed === (finding.region !== null));
  });
  const present = documents.flatMap((document, index) => (documentsOf.includes(index) ? [{ ...document, index }] : []));
  const [root, ...parts] = present.map(({ kind, placed, index }) => ({
    kind,
    placed,
    findings: findings.filter((_, at) => documentsOf[at] === index),
  }));
  return {
    root: root ?? { kind: '1501', placed: false, findings: [] },
    parts,
    documentOf: documentsOf.map((document) => present.findIndex(({ index }) => index === document)),
  };
}
