// Makes one scan of the phantom: `node demo/phantom/generate.ts current|prior <folder>`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createCanvas, label, type Canvas } from './canvas.ts';
import { ctFiles, ctSeriesUid } from './dicom/ct.ts';
import { dxFile } from './dicom/dx.ts';
import { phantomUid, studies } from './identity.ts';
import type { Nodule } from './anatomy/nodules.ts';
import { nodules, paintPatient } from './patient.ts';
import { projectCanvas } from './projection.ts';
import { scanCanvas, type Scan } from './scanner.ts';
import type { Truth } from './truth.ts';

export const phantomSeed = 20260316;

/** 512 x 512 over 360 mm; two layers of 1 mm make one slice. */
const size = { columns: 512, layers: 288, pixelSpacing: 360 / 512, layerSpacing: 1 };

/** The same patient twice: half a year apart the nodules have grown, and nobody lies in the same place twice. */
const scans = {
  current: { nodules: nodules({ upper: 20, lower: 12, pleural: 8, small: 4.5 }), centre: [0, 0, 0], noise: 1 },
  prior: { nodules: nodules({ upper: 15, lower: 9, pleural: 6, small: 4 }), centre: [3.3, -2.6, -4.7], noise: 5000 },
} as const;

type ScanName = keyof typeof scans;

function generate(name: ScanName, folder: string): void {
  const { nodules: findings, centre, noise } = scans[name];
  const canvas = createCanvas({ ...size, centre });
  paintPatient(canvas, phantomSeed, findings);
  const study = studies[name];
  const shift = [-centre[0], -centre[1], -centre[2]] as const;
  const images = join(folder, 'studies', name);
  mkdirSync(images, { recursive: true });
  if (name === 'current') {
    const radiographs = join(folder, 'studies', 'radiograph');
    mkdirSync(radiographs, { recursive: true });
    const bytes = dxFile(studies.radiograph, phantomSeed, projectCanvas(canvas, phantomSeed));
    writeFileSync(join(radiographs, 'radiograph.dcm'), bytes);
  }
  const scan = scanCanvas(canvas, phantomSeed + noise);
  for (const file of ctFiles({ study, seed: phantomSeed, scan, canvas, shift })) {
    writeFileSync(join(images, file.name), file.bytes);
  }
  writeTruth(name, folder, { scan, findings, shift, canvas });
}

interface Made {
  readonly scan: Scan;
  readonly findings: readonly Nodule[];
  readonly shift: readonly [number, number, number];
  readonly canvas: Canvas;
}

function writeTruth(name: ScanName, folder: string, { scan, findings, shift, canvas }: Made): void {
  const count = scan.slices.length;
  const file = `${name}.labels.gz`;
  const truth: Truth = {
    seed: phantomSeed,
    studyInstanceUID: phantomUid(phantomSeed, `${name} study`),
    seriesInstanceUID: ctSeriesUid(studies[name], phantomSeed),
    nodules: findings.map(({ name: where, centre: [x, y, z], diameter, hu }) => ({
      name: where,
      centre: [x + shift[0], y + shift[1], z + shift[2]],
      diameter,
      hu,
      instanceNumber: count - Math.round((z - scan.heights[0]!) / (2 * canvas.layerSpacing)),
    })),
    labels: { file, dims: [scan.columns, scan.rows, count], legend: label },
  };
  const truths = join(folder, 'truth');
  mkdirSync(truths, { recursive: true });
  writeFileSync(join(truths, file), gzipSync(Buffer.concat(scan.labels), { level: 1 }));
  writeFileSync(join(truths, `${name}.json`), JSON.stringify(truth, null, 2));
}

const [name, folder] = process.argv.slice(2);
if ((name !== 'current' && name !== 'prior') || folder === undefined) {
  console.error('Usage: node demo/phantom/generate.ts current|prior <folder>');
  process.exitCode = 2;
} else generate(name, folder);
