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

/** Concepts of PS3.16 that name content items, purposes and values in what we write. */
export const dcmCodes = {
  processingEquipment: dcm('109102', 'Processing Equipment'),
  segmentation: dcm('113076', 'Segmentation'),
  unspecifiedCalculation: dcm('112187', 'Unspecified method of calculation'),
  sourceForProcessing: dcm('121322', 'Source image for image processing operation'),
  artificialIntelligence: dcm('123110', 'Artificial Intelligence'),
  imagingMeasurementReport: dcm('126000', 'Imaging Measurement Report'),
  language: dcm('121049', 'Language of Content Item and Descendants'),
  observerType: dcm('121005', 'Observer Type'),
  device: dcm('121007', 'Device'),
  person: dcm('121006', 'Person'),
  deviceObserverUID: dcm('121012', 'Device Observer UID'),
  deviceObserverName: dcm('121013', 'Device Observer Name'),
  deviceObserverManufacturer: dcm('121014', 'Device Observer Manufacturer'),
  deviceObserverModelName: dcm('121015', 'Device Observer Model Name'),
  personObserverName: dcm('121008', 'Person Observer Name'),
  procedureReported: dcm('121058', 'Procedure reported'),
  imageLibrary: dcm('111028', 'Image Library'),
  imageLibraryGroup: dcm('126200', 'Image Library Group'),
  modality: dcm('121139', 'Modality'),
  frameOfReferenceUID: dcm('112227', 'Frame of Reference UID'),
  imagingMeasurements: dcm('126010', 'Imaging Measurements'),
  measurementGroup: dcm('125007', 'Measurement Group'),
  trackingIdentifier: dcm('112039', 'Tracking Identifier'),
  trackingUID: dcm('112040', 'Tracking Unique Identifier'),
  finding: dcm('121071', 'Finding'),
  comment: dcm('121106', 'Comment'),
  background: dcm('125040', 'Background'),
  derivation: dcm('121401', 'Derivation'),
  algorithmName: dcm('111001', 'Algorithm Name'),
  algorithmVersion: dcm('111003', 'Algorithm Version'),
  algorithmParameters: dcm('111002', 'Algorithm Parameters'),
  algorithmManufacturer: dcm('122405', 'Algorithm Manufacturer'),
  algorithmFamily: dcm('111000', 'Algorithm Family'),
  referencedSegment: dcm('121191', 'Referenced Segment'),
  sourceSeriesForSegmentation: dcm('121232', 'Source series for segmentation'),
  centre: dcm('111010', 'Center'),
  imageRegion: dcm('111030', 'Image Region'),
  processingSummary: dcm('111017', 'CAD Processing and Findings Summary'),
  succeededWithFindings: dcm('111242', 'All algorithms succeeded; with findings'),
  succeededWithoutFindings: dcm('111241', 'All algorithms succeeded; without findings'),
  noneSucceeded: dcm('111245', 'No algorithms succeeded; without findings'),
  started: dcm('111526', 'DateTime Started'),
  ended: dcm('111527', 'DateTime Ended'),
  ofInterest: dcm('113000', 'Of Interest'),
  keyObjectDescription: dcm('113012', 'Key Object Description'),
  notANumber: dcm('114000', 'Not a number'),
  negativeInfinity: dcm('114001', 'Negative Infinity'),
  positiveInfinity: dcm('114002', 'Positive Infinity'),
} as const;

export const sctCodes = {
  imagingProcedure: sct('363679005', 'Imaging procedure'),
  findingSite: sct('363698007', 'Finding Site'),
  laterality: sct('272741003', 'Laterality'),
  quantity: sct('246205007', 'Quantity'),
  boundedBy: sct('75958009', 'Bounded by'),
  topographicalModifier: sct('106233006', 'Topographical Modifier'),
  unknown: sct('261665006', 'Unknown'),
  absent: sct('272519000', 'Absent'),
  present: sct('52101004', 'Present'),
} as const;

/** CID 240 of PS3.16; the key is `Finding.presence`. */
export const presences = {
  present: sctCodes.present,
  absent: sctCodes.absent,
  undetermined: sct('373068000', 'Undetermined'),
} as const;

export const qualitativeEvaluations: Code = { value: 'C0034375', scheme: 'UMLS', meaning: 'Qualitative Evaluations' };
export const englishUnitedStates: Code = { value: 'en-US', scheme: 'RFC5646', meaning: 'English (United States)' };

/** CID 29 of PS3.16: the modality's defined term is its code. */
export const modalities: Readonly<Record<string, Code>> = {
  CR: dcm('CR', 'Computed Radiography'),
  CT: dcm('CT', 'Computed Tomography'),
  DX: dcm('DX', 'Digital Radiography'),
  MG: dcm('MG', 'Mammography'),
  MR: dcm('MR', 'Magnetic Resonance'),
  NM: dcm('NM', 'Nuclear Medicine'),
  PT: dcm('PT', 'Positron emission tomography'),
  US: dcm('US', 'Ultrasound'),
  XA: dcm('XA', 'X-Ray Angiography'),
};

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
  partOfAnalysis: own('part-of-analysis', 'Part of the analysis with the UID'),
  reviewState: own('review-state', 'Review state'),
  reviewReason: own('review-reason', 'Reason of the review'),
  reviewTime: own('review-time', 'Time of the review'),
  place: own('place', 'Place in words'),
  channel: own('channel', 'Input of the model'),
  warning: own('warning', 'Warning of the run'),
  unnamedQuantity: own('unnamed-quantity', 'Quantity that the map does not name'),
  wholeImage: own('whole-image', 'Whole image, no place found'),
} as const;
