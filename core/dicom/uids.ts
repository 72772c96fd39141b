/** UIDs of PS3.6 annex A that we read or write. */
export const sopClasses = {
  computedRadiography: '1.2.840.10008.5.1.4.1.1.1',
  digitalXRay: '1.2.840.10008.5.1.4.1.1.1.1',
  ct: '1.2.840.10008.5.1.4.1.1.2',
  enhancedCt: '1.2.840.10008.5.1.4.1.1.2.1',
  mr: '1.2.840.10008.5.1.4.1.1.4',
  enhancedMr: '1.2.840.10008.5.1.4.1.1.4.1',
  segmentation: '1.2.840.10008.5.1.4.1.1.66.4',
  labelMapSegmentation: '1.2.840.10008.5.1.4.1.1.66.7',
  enhancedSr: '1.2.840.10008.5.1.4.1.1.88.22',
  comprehensiveSr: '1.2.840.10008.5.1.4.1.1.88.33',
  comprehensive3DSr: '1.2.840.10008.5.1.4.1.1.88.34',
  keyObjectSelection: '1.2.840.10008.5.1.4.1.1.88.59',
  parametricMap: '1.2.840.10008.5.1.4.1.1.30',
  grayscalePresentationState: '1.2.840.10008.5.1.4.1.1.11.1',
  colourPresentationState: '1.2.840.10008.5.1.4.1.1.11.2',
  secondaryCapture: '1.2.840.10008.5.1.4.1.1.7',
} as const;

export const transferSyntaxes = {
  implicitLittleEndian: '1.2.840.10008.1.2',
  explicitLittleEndian: '1.2.840.10008.1.2.1',
  deflatedExplicitLittleEndian: '1.2.840.10008.1.2.1.99',
  explicitBigEndian: '1.2.840.10008.1.2.2',
  rleLossless: '1.2.840.10008.1.2.5',
  deflatedImageFrame: '1.2.840.10008.1.2.8.1',
} as const;

/** What names us as the writer of a file (PS3.10 section 7.1). */
export const implementation = {
  classUID: '2.25.296418520473911460350275160478431926075',
  versionName: 'OVERREAD_0_1',
  name: 'Overread',
  softwareVersion: '0.1.0',
} as const;
