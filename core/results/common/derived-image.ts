import type { AnalysisSource } from '../../analysis/index.ts';
import { textOf, type Attributes, type Dataset } from '../../dicom/index.ts';
import { imageReference } from './image-reference.ts';

/** What lossy compression did to the source stays said of what is derived from it (PS3.3 C.7.6.1.1.5). */
export function lossyHistory(source: Attributes): Dataset {
  const lossy = textOf(source, 'LossyImageCompression') === '01';
  const ratio = textOf(source, 'LossyImageCompressionRatio');
  const method = textOf(source, 'LossyImageCompressionMethod');
  if (!lossy) return { LossyImageCompression: '00' };
  if (ratio === null || method === null) return { LossyImageCompression: '01' };
  return { LossyImageCompression: '01', LossyImageCompressionRatio: ratio, LossyImageCompressionMethod: method };
}

/** Common Instance Reference (PS3.3 C.12.2): every image of the analysed series. */
export function referencedSeries(source: AnalysisSource): readonly Dataset[] {
  const instances = new Map(source.slices.map((slice) => [slice.sopInstanceUID, slice]));
  return [
    {
      SeriesInstanceUID: source.seriesInstanceUID,
      ReferencedInstanceSequence: [...instances.values()].map((slice) =>
        imageReference({ ...slice, frameNumber: null }),
      ),
    },
  ];
}
