import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LabelMap } from '@overread/core/analysis';
import { structures } from '@overread/core/dicom';
import { decodeResults, type DicomObject } from '@overread/core/results';
import { describeSeries, type SeriesGeometry } from '@overread/core/volume';
import { analysisOf, boxLabelMap, noduleFinding } from '../support/analyses.ts';
import { readHeader } from '../support/read-headers.ts';
import { maskDigest, rebuildSegments, sha256Of } from '../support/rebuild-segments.ts';
import { sharedData } from '../support/shared-data.ts';
import { asFile, encodingErrors, iodErrors, python, srStructureErrors, tools } from '../support/validators.ts';
import { encodeAnalysis } from '../support/checked-results.ts';

/** A ball in the middle of the grid: frames of every shape, few voxels. */
function ballLabelMap(geometry: SeriesGeometry): LabelMap {
  const [ni, nj, nk] = geometry.grid.dims;
  const labels = new Uint8Array(ni * nj * nk);
  const radius = Math.max(1, Math.min(ni, nj) / 5);
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++) {
        const distance = Math.hypot(i - ni / 2, j - nj / 2, (k - nk / 2) * 3);
        if (distance < radius) labels[i + ni * (j + nj * k)] = i < ni / 2 ? 1 : 2;
      }
    }
  }
  return { ...boxLabelMap({ ...geometry, grid: { ...geometry.grid, dims: [3, 3, 1] } }), grid: geometry.grid, labels };
}

interface Written {
  readonly geometry: SeriesGeometry;
  readonly labelMap: LabelMap;
  readonly objects: readonly DicomObject[];
}

/** A result on the series, read back equal before anybody else looks at it. */
function writeResult(files: readonly string[]): Written {
  const headers = files.map(readHeader);
  const described = describeSeries(headers);
  if (!described.ok) throw new Error(described.error.message);
  const geometry = described.value;
  const labelMap = ballLabelMap(geometry);
  const finding = { ...noduleFinding(labelMap), code: structures.nodule };
  const slice = Math.floor(geometry.slices.length / 2);
  const region = {
    box: { min: [1, 1, slice], max: [4, 3, slice] },
    centre: [2, 2, slice],
    segmentNumber: 2,
    axes: null,
  } as const;
  const analysis = analysisOf(geometry, { labelMaps: [labelMap], findings: [{ ...finding, region }] });
  const objects = encodeAnalysis(analysis, { source: headers[0] ?? {}, segmentation: true, predecessors: [] });
  const decoded = decodeResults(
    objects.map((object) => object.bytes),
    geometry,
  );
  expect(decoded.problems).toEqual([]);
  expect(decoded.analyses[0]?.analysis.findings).toEqual(analysis.findings);
  expect(sha256Of(decoded.analyses[0]?.analysis.labelMaps[0]?.labels ?? new Uint8Array())).toBe(
    sha256Of(labelMap.labels),
  );
  return { geometry, labelMap, objects };
}

function expectValid(objects: readonly DicomObject[]): void {
  for (const { kind, bytes } of objects) {
    if (tools.dciodvfy !== null) expect(iodErrors(bytes)).toEqual([]);
    if (tools.dcmdump !== null) expect(encodingErrors(bytes)).toEqual([]);
    if (tools.dsrdump !== null && kind === 'SR') expect(srStructureErrors(bytes)).toEqual([]);
  }
}

/** Patient and study of two files, as pydicom reads them, empty ones left out. */
const patientAndStudy = `
import sys, json, pydicom
names = ['PatientName','PatientID','PatientBirthDate','PatientSex','PatientAge','PatientWeight','PatientSize','EthnicGroup','PatientIdentityRemoved','DeidentificationMethod',
  'ClinicalTrialSponsorName','ClinicalTrialProtocolID','ClinicalTrialProtocolName','ClinicalTrialSiteID','ClinicalTrialSubjectID','ClinicalTrialTimePointID','LongitudinalTemporalInformationModified',
  'StudyInstanceUID','StudyDate','StudyTime','StudyID','AccessionNumber','ReferringPhysicianName','StudyDescription','FrameOfReferenceUID']
d = pydicom.dcmread(sys.argv[1], stop_before_pixels=True)
out = {n: str(d.get(n)) for n in names if n in d and str(d.get(n)) != '' and not (n == 'FrameOfReferenceUID' and d.Modality == 'SR')}
codes = d.get('DeidentificationMethodCodeSequence', [])
out['codes'] = [[c.CodeValue, c.CodingSchemeDesignator, c.CodeMeaning] for c in codes]
print(json.dumps(out))
`;

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
}

const chest = sharedData('ct-chest', 'CT_89952642');
describe.skipIf(chest === null)(
  `results on a real chest CT${chest === null ? ' (skipped: no sample data)' : ''}`,
  () => {
    const files = chest === null ? [] : filesIn(chest);

    it('are valid, and carry the very patient and study of the images', () => {
      const { objects } = writeResult(files);
      expectValid(objects);
      if (tools.python === null) return;
      const source = python(patientAndStudy, [files[0] ?? '']) as Record<string, unknown>;
      for (const { bytes, kind } of objects) {
        const { FrameOfReferenceUID, ...patient } = source;
        const expected = kind === 'SEG' ? { ...patient, FrameOfReferenceUID } : patient;
        expect(asFile(bytes, (path) => python(patientAndStudy, [path]))).toEqual(expected);
      }
    });

    it.skipIf(tools.python === null)('have a mask that pydicom puts on the same voxels', () => {
      const { labelMap, objects } = writeResult(files);
      const folder = mkdtempSync(join(tmpdir(), 'overread-real-'));
      try {
        const segmentation = join(folder, 'seg.dcm');
        writeFileSync(segmentation, objects[0]?.bytes ?? new Uint8Array());
        const [rebuilt] = rebuildSegments([{ segmentation, images: chest ?? '', direction: 'up' }]);
        expect(rebuilt?.segments).toEqual({ 1: maskDigest(labelMap.labels, 1), 2: maskDigest(labelMap.labels, 2) });
        expect(rebuilt?.worst).toBeLessThan(1e-3);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  },
);

const multiframe = sharedData('multiframe', 'BRTUM003');
describe.skipIf(multiframe === null)(
  `results on a multi-frame MR${multiframe === null ? ' (skipped: no sample data)' : ''}`,
  () => {
    it('refer to frames, and are valid', () => {
      const { geometry, objects } = writeResult([multiframe ?? '']);
      expect(geometry.slices.every((slice) => slice.frameNumber !== null)).toBe(true);
      expectValid(objects);
    });
  },
);

const projection = sharedData('projection', 'RG2_J2KI.dcm');
describe.skipIf(projection === null)(
  `results on a radiograph${projection === null ? ' (skipped: no sample data)' : ''}`,
  () => {
    it('do without a frame of reference, and are valid', () => {
      const { geometry, objects } = writeResult([projection ?? '']);
      expect(geometry.frameOfReferenceUID).toBeNull();
      expectValid(objects);
    });
  },
);
