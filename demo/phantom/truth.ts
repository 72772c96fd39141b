import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { label } from './canvas.ts';

/** What is known of a phantom CT because it was made so. Lengths in millimetres, places in LPS. */
export interface Truth {
  readonly seed: number;
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly nodules: readonly TrueNodule[];
  /**
   * Labels of every voxel, i fastest, then j, then k from the feet to the head; the file is gzip-compressed bytes.
   * `legend` names the numbers.
   */
  readonly labels: {
    readonly file: string;
    readonly dims: readonly [number, number, number];
    readonly legend: Readonly<Record<string, number>>;
  };
}

export interface TrueNodule {
  readonly name: string;
  readonly centre: readonly [number, number, number];
  /** Of the sphere of the same volume. */
  readonly diameter: number;
  /** Hounsfield units. */
  readonly hu: number;
  /** InstanceNumber of the image nearest to the centre. */
  readonly instanceNumber: number;
}

/** Reads what `npm start` and the tests keep beside the phantom studies. */
export function readTruth(folder: string, study: 'current' | 'prior'): Truth {
  return JSON.parse(readFileSync(join(folder, `${study}.json`), 'utf8')) as Truth;
}

/** The label volume of a truth, `dims[0] * dims[1] * dims[2]` bytes. */
export function readLabels(folder: string, truth: Truth): Uint8Array {
  return gunzipSync(readFileSync(join(folder, truth.labels.file)));
}

/** Whether a label is inside the lungs: tissue, vessels, airways and nodules in it. */
export function isLung(value: number): boolean {
  return value !== label.none && value !== label.airwayOutside;
}
