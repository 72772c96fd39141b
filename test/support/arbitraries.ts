import fc from 'fast-check';
import type { Analysis, Finding, LabelMap, Measurement, OtherSeries, Region } from '@overread/core/analysis';
import { lateralities, newUID, rejectionReasons, sopClasses, structures, units, type Code } from '@overread/core/dicom';
import type { Grid, Vec3 } from '@overread/core/geometry';
import type { SeriesGeometry } from '@overread/core/volume';
import { analysisOf } from './analyses.ts';
import { ctSeries } from './ct-series.ts';

/** Words in any script, as people type them: no white space at the ends (DICOM pads with it). */
const words = (maxLength: number) =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength })
    .map((text) => text.normalize('NFC').trim())
    .filter((text) => text !== '' && Array.from(text).length <= maxLength);

/** Text for LO: no backslash. */
const label = words(40).filter((text) => !text.includes('\\') && text.length <= 64);

const code: fc.Arbitrary<Code> = fc.record({
  value: fc.stringMatching(/^[A-Za-z0-9-]{1,24}$/),
  scheme: fc.constantFrom('SCT', 'DCM', 'UMLS', '99OVERREAD'),
  meaning: label,
});

const uid = fc.constant(null).map(newUID);
const iso = fc
  .record({
    at: fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }),
    zone: fc.constantFrom('+00:00', '+01:00', '-03:30', '+14:00'),
  })
  .map(({ at, zone }) => at.toISOString().replace('Z', zone));

const person = fc.constantFrom('READER^ROBIN', 'ÅSTRÖM^ÉVA', '山田^太郎=ヤマダ^タロウ');

const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.constant(-0));
const measurement: fc.Arbitrary<Measurement> = fc.record({
  name: code,
  value: number,
  unit: fc.constantFrom(units.millimetre, units.hounsfield, units.percent),
  derivation: fc.option(code),
});

/** Half voxels and their fractions: what FL holds without loss. */
const fraction = (count: number) => fc.integer({ min: -32, max: (count - 1) * 64 + 32 }).map((n) => n / 64);

function region({ dims }: Grid, segmentNumbers: readonly number[]): fc.Arbitrary<Region> {
  const range = (count: number) =>
    fc.tuple(fc.nat(count - 1), fc.nat(count - 1)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  const voxel = fc.tuple(fc.nat(dims[0] - 1), fc.nat(dims[1] - 1), fc.nat(dims[2] - 1));
  const inPlane = (k: number) => fc.tuple(fraction(dims[0]), fraction(dims[1])).map(([i, j]): Vec3 => [i, j, k]);
  const axes = fc
    .nat(dims[2] - 1)
    .chain((k) => fc.record({ long: fc.tuple(inPlane(k), inPlane(k)), short: fc.tuple(inPlane(k), inPlane(k)) }));
  const box = fc
    .tuple(range(dims[0]), range(dims[1]), range(dims[2]))
    .map(([i, j, k]) => ({ min: [i[0], j[0], k[0]] as const, max: [i[1], j[1], k[1]] as const }));
  const segmentNumber = segmentNumbers.length === 0 ? fc.constant(null) : fc.option(fc.constantFrom(...segmentNumbers));
  return fc.oneof(
    fc.record({ box, centre: voxel, segmentNumber, axes: fc.option(axes) }),
    // In one image only.
    fc.tuple(box, voxel).map(([{ min, max }, centre]) => ({
      box: { min: [min[0], min[1], centre[2]] as const, max: [max[0], max[1], centre[2]] as const },
      centre,
      segmentNumber: null,
      axes: null,
    })),
  );
}

const review = fc.oneof(
  fc.constant({ state: 'unreviewed' as const, reason: null, reviewer: null, at: null }),
  fc.record({
    state: fc.constantFrom('accepted' as const, 'edited' as const, 'rejected' as const),
    reason: fc.option(fc.constantFrom(...rejectionReasons)),
    reviewer: fc.option(person),
    at: fc.option(iso),
  }),
);

function finding(grid: Grid, segmentNumbers: readonly number[]): fc.Arbitrary<Finding> {
  return fc.record({
    trackingIdentifier: words(80),
    trackingUID: uid,
    label: words(120),
    code: fc.oneof(code, fc.constant(structures.nodule)),
    site: fc.option(code),
    laterality: fc.option(fc.constantFrom(lateralities.left, lateralities.right, lateralities.bilateral)),
    place: fc.option(words(60)),
    score: fc.option(fc.record({ value: number, kind: fc.constantFrom('score' as const, 'probability' as const) })),
    presence: fc.option(fc.constantFrom('present' as const, 'absent' as const, 'undetermined' as const)),
    region: fc.option(region(grid, segmentNumbers)),
    measurements: fc.oneof(fc.constant([]), fc.array(measurement, { maxLength: 4 })),
    review,
  });
}

function labelMap(grid: Grid): fc.Arbitrary<LabelMap> {
  const segments = fc.uniqueArray(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 4 }).chain((numbers) =>
    fc.tuple(
      ...numbers.map((value) =>
        fc.record(
          {
            number: fc.constant(value),
            label: words(100).filter((text) => !text.includes('\\')),
            category: code,
            type: code,
            modifier: code,
            anatomicRegion: code,
            algorithmType: fc.constant('SEMIAUTOMATIC' as const),
            colour: fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)),
            trackingIdentifier: words(40),
            trackingUID: uid,
          },
          { requiredKeys: ['number', 'label', 'category', 'type', 'colour', 'trackingIdentifier', 'trackingUID'] },
        ),
      ),
    ),
  );
  return segments.chain((list) => {
    const size = grid.dims[0] * grid.dims[1] * grid.dims[2];
    const labels = fc
      .array(fc.constantFrom(0, 0, ...list.map((segment) => segment.number)), { minLength: size, maxLength: size })
      .map((values) => Uint8Array.from(values));
    return fc.record({ grid: fc.constant(grid), labels, segments: fc.constant(list) });
  });
}

/** A further series; instance numbers are not stored. */
const otherSeries: fc.Arbitrary<OtherSeries> = fc.record({
  channel: words(20),
  studyInstanceUID: uid,
  seriesInstanceUID: uid,
  modality: fc.constantFrom('CT', 'MR', 'PT'),
  frameOfReferenceUID: fc.option(uid),
  slices: fc.array(
    fc.record({
      sopClassUID: fc.constant(sopClasses.enhancedMr),
      sopInstanceUID: uid,
      frameNumber: fc.option(fc.integer({ min: 1, max: 300 })),
      instanceNumber: fc.constant(null),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

export interface AnalysisCase {
  readonly geometry: SeriesGeometry;
  readonly analysis: Analysis;
  readonly source: Readonly<Record<string, unknown>>;
}

/** An analysis with everything in it that is stored, on a small oblique series of odd size. */
export const analysisCase: fc.Arbitrary<AnalysisCase> = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }))
  .chain((dims) => {
    const c = Math.cos(0.3);
    const s = Math.sin(0.3);
    const directions = [
      [c, s, 0],
      [-s, c, 0],
      [0, 0, -1],
    ] as const;
    const { geometry, datasets } = ctSeries({ dims, directions });
    return fc.option(labelMap(geometry.grid)).chain((map) =>
      fc
        .record({
          uid,
          findings: fc.array(finding(geometry.grid, map?.segments.map((segment) => segment.number) ?? []), {
            maxLength: 5,
          }),
          otherSeries: fc.array(otherSeries, { maxLength: 2 }),
          outcome: fc.constantFrom('completed' as const, 'failed' as const),
          startedAt: iso,
          finishedAt: iso,
          warnings: fc.array(fc.record({ code: fc.constant('volume.notice'), message: words(200) }), { maxLength: 2 }),
          place: fc.record({
            location: fc.constantFrom('browser' as const, 'server' as const),
            runtime: fc.constantFrom('webgpu' as const, 'wasm' as const, 'node-cpu' as const),
            threads: fc.integer({ min: 1, max: 64 }),
            device: fc.option(words(60)),
            skipped: fc.array(fc.record({ runtime: fc.constant('webgpu' as const), reason: words(90) }), {
              maxLength: 2,
            }),
          }),
          model: fc.record({
            id: fc.constant('ct-nodule'),
            version: fc.constantFrom('1.0.0', '10.20.30-rc.1'),
            title: label,
            manufacturer: label,
            deviceUID: uid,
            digest: fc.stringMatching(/^[0-9a-f]{64}$/),
            regulatoryStatus: words(120),
          }),
        })
        .map(({ otherSeries, ...parts }) => (otherSeries.length === 0 ? parts : { ...parts, otherSeries }))
        .map((parts) => ({
          geometry,
          analysis: analysisOf(geometry, { ...parts, labelMaps: map === null ? [] : [map] }),
          source: datasets[0] ?? {},
        })),
    );
  });
