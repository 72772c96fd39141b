import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newUID, writePart10 } from '@overread/core/dicom';
import type { Vec3 } from '@overread/core/geometry';
import { ctSeries } from '../../support/ct-series.ts';
import { thorax } from '../../support/thorax.ts';

/** A small chest CT, coarse enough that a model runs in seconds and fine enough that both models apply. */
export interface ThoraxStudy {
  readonly studyInstanceUID: string;
  readonly accession: string;
  readonly series: readonly ThoraxSeries[];
}

interface ThoraxSeries {
  readonly seriesInstanceUID: string;
  readonly description: string;
}

interface SeriesRecipe {
  readonly description: string;
  /** Whether the slice at this place, from 0, is in the archive. */
  readonly has?: (k: number) => boolean;
  /** By how much denser everything is than in the phantom, HU. */
  readonly denser?: number;
  /** How far the slice is moved along the patient, mm. */
  readonly shift?: (k: number) => number;
}

interface StudyRecipe {
  readonly accession: string;
  readonly date: string;
  /** A dense ball in a lung, LPS mm: what the nodule model finds. */
  readonly nodule: Vec3;
  readonly series: readonly SeriesRecipe[];
}

/** Writes a study of PHANTOM^THORAX into a folder, one file per image. */
export function writeThoraxStudy(folder: string, recipe: StudyRecipe): ThoraxStudy {
  const { grid, samples } = thorax({ balls: [{ centre: recipe.nodule, radius: 7 }] });
  const { dims, indexToWorld: m } = grid;
  const origin: Vec3 = [m[3]!, m[7]!, m[11]!];
  const stored = samples.map((value) => value + 1024);
  const studyInstanceUID = newUID();
  const frameOfReferenceUID = newUID();
  mkdirSync(folder, { recursive: true });
  const series = recipe.series.map(({ description, has = () => true, shift = () => 0, denser = 0 }, number) => {
    const seriesInstanceUID = newUID();
    const { datasets } = ctSeries({ dims, spacing: [3, 3, 3], origin });
    datasets.forEach((dataset, k) => {
      if (!has(k)) return;
      const slice = stored.slice(k * dims[0] * dims[1], (k + 1) * dims[0] * dims[1]);
      const file = writePart10({
        ...dataset,
        SOPInstanceUID: newUID(),
        StudyInstanceUID: studyInstanceUID,
        SeriesInstanceUID: seriesInstanceUID,
        FrameOfReferenceUID: frameOfReferenceUID,
        PatientName: 'PHANTOM^THORAX',
        PatientID: 'PHANTOM-THORAX',
        BodyPartExamined: 'CHEST',
        StudyDate: recipe.date,
        StudyDescription: 'CT thorax',
        AccessionNumber: recipe.accession,
        SeriesNumber: number + 1,
        SeriesDescription: description,
        ImagePositionPatient: [origin[0], origin[1], origin[2] + 3 * k + shift(k)],
        PixelData: new Uint8Array(Int16Array.from(slice, (value) => value + denser).buffer),
      });
      writeFileSync(join(folder, `${number + 1}-${k + 1}.dcm`), file);
    });
    return { seriesInstanceUID, description };
  });
  return { studyInstanceUID, accession: recipe.accession, series };
}
