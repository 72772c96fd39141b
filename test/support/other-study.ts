import type { CtSeries } from './ct-series.ts';

/** The same images as of another study of another patient's visit: other study, series and instances. */
export function otherStudy(series: CtSeries, studyInstanceUID: string): CtSeries {
  const geometry = {
    ...series.geometry,
    studyInstanceUID,
    seriesInstanceUID: `${studyInstanceUID}.1`,
    slices: series.geometry.slices.map((slice, index) => ({
      ...slice,
      sopInstanceUID: `${studyInstanceUID}.1.${index + 1}`,
    })),
  };
  const datasets = series.datasets.map((dataset, index) => ({
    ...dataset,
    StudyInstanceUID: studyInstanceUID,
    SeriesInstanceUID: geometry.seriesInstanceUID,
    SOPInstanceUID: `${studyInstanceUID}.1.${index + 1}`,
  }));
  return { ...series, geometry, datasets };
}
