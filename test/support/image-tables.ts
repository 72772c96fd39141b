import type { Dataset } from '@overread/core/dicom';

/** Values of a table: `count` steps from 0 up to `most`. */
function steps(count: number, most: number): Uint8Array {
  return new Uint8Array(Uint16Array.from({ length: count }, (_, at) => Math.round((at * most) / (count - 1))).buffer);
}

/**
 * The images as a digitizer writes them: signed stored values through a modality table, each image with a VOI table of
 * its own, in place of rescale and window.
 */
export function withTables(images: readonly Dataset[]): readonly Dataset[] {
  return images.map((image, k) => ({
    ...image,
    RescaleIntercept: null,
    RescaleSlope: null,
    RescaleType: null,
    PixelRepresentation: 1,
    ModalityLUTSequence: [
      {
        LUTDescriptor: [300, -100, 16],
        LUTExplanation: 'Film density',
        ModalityLUTType: 'OD',
        LUTData: steps(300, 65535),
      },
    ],
    VOILUTSequence: [
      { LUTDescriptor: [1001, 20_000, 12], LUTExplanation: `Film ${k + 1}`, LUTData: steps(1001, 4095) },
    ],
  }));
}
