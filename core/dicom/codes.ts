import type { Code } from './code.ts';

/**
 * Coded concepts used in what we write, in one place. SCT: SNOMED CT; DCM: PS3.16 annex D; UCUM: units.
 * What no standard code says stands in `privateCodes`, under a scheme that every object declares.
 */
const sct = (value: string, meaning: string): Code => ({ value, scheme: 'SCT', meaning });
const dcm = (value: string, meaning: string): Code => ({ value, scheme: 'DCM', meaning });
const ucum = (value: string, meaning: string): Code => ({ value, scheme: 'UCUM', meaning });

/** The private coding scheme: designator and UID go into the Coding Scheme Identification Sequence (0008,0110). */
export const privateScheme = {
  designator: '99OVERREAD',
  uid: '2.25.171206446720473211480417083374958162513',
  name: 'Overread review states and run facts',
  version: '1',
} as const;

const own = (value: string, meaning: string): Code => ({ value, scheme: privateScheme.designator, meaning });

/** UCUM units. */
export const units = {
  one: ucum('1', 'no units'),
  millimetre: ucum('mm', 'millimeter'),
  millilitre: ucum('ml', 'milliliter'),
  cubicMillimetre: ucum('mm3', 'cubic millimeter'),
  hounsfield: ucum("[hnsf'U]", 'Hounsfield Unit'),
  percent: ucum('%', 'Percent'),
} as const;

/** Names of measurements. `longAxis` and `shortAxis` carry the meanings that viewers look for. */
export const measurementNames = {
  volume: sct('118565006', 'Volume'),
  longAxis: sct('103339001', 'Long Axis'),
  shortAxis: sct('103340004', 'Short Axis'),
  diameter: sct('81827009', 'Diameter'),
  attenuation: dcm('112031', 'Attenuation Coefficient'),
  probability: dcm('122157', 'Probability'),
  /** The model's own ranking value, never called a probability. */
  score: own('score', 'Model score (not a probability)'),
} as const;

/** Share of a volume whose value is below a threshold (HU for CT), in percent. */
export function shareBelow(threshold: number): Code {
  return own('share-below', `Share of volume below ${threshold} HU`);
}

export const derivations = { mean: sct('373098007', 'Mean') } as const;

/** Segmented property categories (CID 7150) and types. */
export const categories = {
  anatomicalStructure: sct('123037004', 'Anatomical Structure'),
  tissue: sct('85756007', 'Tissue'),
  morphologicallyAbnormal: sct('49755003', 'Morphologically Abnormal Structure'),
} as const;

export const structures = {
  lung: sct('39607008', 'Lung'),
  fat: sct('256674009', 'Fat'),
  bone: sct('272673000', 'Bone'),
  softTissue: dcm('112144', 'Soft tissue'),
  nodule: sct('27925004', 'Nodule'),
} as const;

/** CID 244. */
export const lateralities = {
  right: sct('24028007', 'Right'),
  left: sct('7771000', 'Left'),
  bilateral: sct('51440002', 'Bilateral'),
} as const;

/** What a heat map's value is. */
export const quantities = { saliency: dcm('130404', 'Saliency'), probability: measurementNames.probability } as const;

/** State of review of a finding; the key is `Review.state`. */
export const reviewStates = {
  unreviewed: own('unreviewed', 'Not reviewed by a person'),
  accepted: own('accepted', 'Accepted by a person'),
  edited: own('edited', 'Edited by a person'),
  rejected: own('rejected', 'Rejected by a person'),
} as const;

/** Why a finding was rejected, in the order a menu shows them. */
export const rejectionReasons: readonly Code[] = [
  own('not-a-lesion', 'Normal structure, not a lesion'),
  own('vessel', 'Blood vessel'),
  own('scar', 'Scar or known benign change'),
  own('artefact', 'Image artefact'),
  own('too-small', 'Too small to matter'),
  own('duplicate', 'Duplicate of another finding'),
  own('outside', 'Outside the organ of interest'),
  own('other', 'Other reason'),
];

/** Why a finding was edited. */
export const editReasons: readonly Code[] = [
  own('wrong-extent', 'Extent corrected'),
  own('wrong-place', 'Place corrected'),
  own('wrong-label', 'Label corrected'),
  own('other', 'Other reason'),
];

/** Concepts of our own that name content items. */
export const privateCodes = {
  analysisUID: own('analysis-uid', 'Analysis UID'),
  reviewState: own('review-state', 'Review state'),
  reviewReason: own('review-reason', 'Reason of the review'),
  reviewTime: own('review-time', 'Time of the review'),
  label: own('label', 'Label'),
  place: own('place', 'Place in words'),
  warning: own('warning', 'Warning of the run'),
  wholeImage: own('whole-image', 'Whole image, no place found'),
  segmentLink: own('segment-number', 'Segment number'),
} as const;
