import {
  categories,
  editReasons,
  itemsOf,
  keywordOf,
  measurementNames,
  newUID,
  privateCodes,
  privateScheme,
  readPart10,
  rejectionReasons,
  reviewStates,
  structures,
  tags,
  textOf,
  units,
  type Attributes,
  type Code,
} from '@overread/core/dicom';
import { format } from 'prettier';
import type { LabelMap } from '@overread/core/analysis';
import { checkRules, copiedKeywords, type ObjectKind } from '@overread/core/results';
import { analysisOf, boxLabelMap, noduleFinding, regionFinding, tissueFinding } from '../support/analyses.ts';
import { arguedExceptions } from '../support/argued-exceptions.ts';
import { ctSeries } from '../support/ct-series.ts';
import { everyObject } from '../support/every-object.ts';
import { awkwardMap, otherGrid } from '../support/heat-maps.ts';
import { prose } from './statement-prose.ts';
import { encodeAnalysis } from '../support/checked-results.ts';

/**
 * The conformance statement, made from objects that the code wrote: two results of different patients, models and
 * findings are encoded, and every attribute is listed. A value that both have is fixed; any other comes from the result.
 */
export async function conformanceStatement(): Promise<string> {
  const [one, two] = [sample(0), sample(1)];
  const table = (kind: TableKind) => attributeTable(one[kind], two[kind]);
  const content = (kind: TableKind) => treeOf(one[kind]);
  const page = [
    prose.head,
    prose.segmentation,
    table('SEG'),
    prose.report,
    table('SR'),
    prose.tree,
    content('SR'),
    prose.groups,
    prose.parts,
    ...one.parts.map(treeOf),
    prose.parametricMap,
    table('PM'),
    prose.presentationState,
    table('PR'),
    prose.secondaryCapture,
    table('SC'),
    prose.keyObjects,
    table('KO'),
    content('KO'),
    prose.codes,
    codeTable([
      ...Object.values(reviewStates),
      ...rejectionReasons,
      ...editReasons,
      ...Object.values(privateCodes),
      measurementNames.score,
    ]),
    prose.reading,
    prose.rules,
    ruleTable(),
    prose.proof,
    exceptionTable(),
  ].join('\n\n');
  return format(page, { parser: 'markdown', printWidth: 120 });
}

type TableKind = Exclude<ObjectKind, 'SR-PART'>;
type Sample = Record<TableKind, Attributes> & { readonly parts: readonly Attributes[] };

function treeOf(dataset: Attributes): string {
  const lines = tree(itemsOf(dataset, 'ContentSequence'), '').join('\n');
  return `\`\`\`text\n${lines}\n\`\`\``;
}

function sample(which: 0 | 1): Sample {
  const series = ctSeries(
    which === 0
      ? {}
      : {
          dims: [14, 8, 6],
          spacing: [0.6, 0.6, 1],
          origin: [0, 0, 0],
          directions: [
            [0, 1, 0],
            [-1, 0, 0],
            [0, 0, 1],
          ],
          patient: { PatientName: 'PHANTOM^OTHER', StudyDate: '20251231', SeriesNumber: 7, AccessionNumber: 'B-2' },
        },
  );
  const drawn = boxLabelMap(series.geometry);
  const labelMap =
    which === 0
      ? drawn
      : {
          ...drawn,
          segments: drawn.segments.map((segment) => ({
            ...segment,
            label: `Other ${segment.number}`,
            colour: [1, 2, 3] as const,
            category: categories.tissue,
            type: structures.fat,
            trackingIdentifier: 'other',
            algorithmType: 'SEMIAUTOMATIC' as const,
          })),
        };
  const nodule = noduleFinding(labelMap);
  const review = {
    state: 'rejected' as const,
    reason: rejectionReasons[0] ?? null,
    reviewer: 'READER^ROBIN',
    at: '2026-11-03T11:00:00+01:00',
  };
  // A second one that nobody rejected: what displays without SR are shown.
  const kept = { ...nodule, trackingUID: newUID(), trackingIdentifier: 'nodule 2' };
  const map = awkwardMap(which === 0 ? otherGrid(series.geometry.grid) : series.geometry.grid);
  const base = analysisOf(series.geometry, {
    heatMaps: [
      which === 0
        ? map
        : {
            ...map,
            label: 'Other',
            quantity: measurementNames.probability,
            unit: units.percent,
            displayRange: [5, 90],
          },
    ],
    labelMaps: [
      {
        ...labelMap,
        labels: which === 0 ? labelMap.labels : labelMap.labels.map((label) => (label === 2 ? 1 : label)),
      },
      ...(which === 0 ? [] : [withinIt(labelMap)]),
    ],
    findings:
      which === 0 ? [{ ...nodule, review }, kept, regionFinding(), tissueFinding(labelMap)] : [tissueFinding(labelMap)],
  });
  const analysis =
    which === 0
      ? base
      : {
          ...base,
          model: {
            ...base.model,
            id: 'other',
            title: 'Other',
            version: '2.0.0',
            deviceUID: '1.2.3',
            manufacturer: 'Maker',
          },
          startedAt: '2026-01-01T00:00:00.000-05:00',
          source: { ...base.source, seriesNumber: 7, modality: 'MR' },
        };
  const predecessors = [
    {
      studyInstanceUID: analysis.source.studyInstanceUID,
      seriesInstanceUID: `2.25.${which + 1}1`,
      sopClassUID: '1.2.840.10008.5.1.4.1.1.88.34',
      sopInstanceUID: `2.25.${which + 1}2`,
    },
  ];
  const window =
    which === 0 ? { WindowCenter: 40, WindowWidth: 400 } : { ...otherDisplay, WindowCenter: -600, WindowWidth: 1500 };
  const options = everyObject(
    series.geometry,
    series.datasets.map((image) => ({ ...image, ...window })),
  );
  // One of the two is verified, so that the table shows both how it is said and that it is not always there.
  const verification = which === 0 ? (options.verification ?? null) : null;
  const objects = encodeAnalysis(analysis, { ...options, verification, predecessors });
  const written = (kind: TableKind): Attributes => {
    const object = objects.find((one) => one.kind === kind);
    if (object === undefined) throw new Error(`the ${kind} is written`);
    return readPart10(object.bytes).dataset;
  };
  return {
    SEG: written('SEG'),
    PM: written('PM'),
    SR: written('SR'),
    PR: written('PR'),
    SC: written('SC'),
    KO: written('KO'),
    parts: objects.filter(({ kind }) => kind === 'SR-PART').map(({ bytes }) => readPart10(bytes).dataset),
  };
}

/** A segment that lies in another one. */
function withinIt({ grid, labels, segments }: LabelMap): LabelMap {
  const [segment] = segments;
  if (segment === undefined) throw new Error('the map has segments');
  return {
    grid,
    labels: labels.map((label) => (label === 2 ? 3 : 0)),
    segments: [{ ...segment, number: 3, label: 'Core', trackingUID: newUID() }],
  };
}

/** What a presentation state takes over from the images. */
const otherDisplay = {
  RescaleIntercept: 0,
  RescaleSlope: 2,
  RescaleType: 'US',
  PhotometricInterpretation: 'MONOCHROME1',
} as const;

interface Row {
  readonly path: string;
  readonly line: string;
}

function attributeTable(one: Attributes, two: Attributes): string {
  const seen = new Set<string>();
  const rows = rowsOf(one, two, '', seen);
  return ['| attribute | tag | VR | value |', '|---|---|---|---|', ...rows.map((row) => row.line)].join('\n');
}

const copied: ReadonlySet<string> = new Set(copiedKeywords);

function rowsOf(one: Attributes, two: Attributes, prefix: string, seen: Set<string>): readonly Row[] {
  const keywords = (Object.keys(tags) as (keyof typeof tags)[]).filter((keyword) => keyword in one);
  return keywords.flatMap((keyword) => {
    const path = `${prefix}${keyword}`;
    // The tree of an SR is shown by itself.
    if (keyword === 'ContentSequence') return [];
    const below = itemsOf(one, keyword).flatMap((item, index) =>
      rowsOf(item, itemsOf(two, keyword)[index] ?? {}, `${prefix}> `, new Set()).map((row) => ({
        ...row,
        path: `${path}/${row.path}`,
      })),
    );
    const fresh = [{ path, line: rowLine(keyword, prefix, one, two) }, ...distinct(below)];
    return fresh.filter((row) => !seen.has(row.path) && seen.add(row.path));
  });
}

/** Items of one sequence mostly have the same attributes: each is listed once. */
function distinct(rows: readonly Row[]): readonly Row[] {
  const seen = new Set<string>();
  return rows.filter((row) => !seen.has(row.path) && seen.add(row.path));
}

function rowLine(keyword: keyof typeof tags, prefix: string, one: Attributes, two: Attributes): string {
  const [tag, vr] = tags[keyword];
  const hex = tag.toString(16).padStart(8, '0').toUpperCase();
  const value =
    copied.has(keyword) && prefix === ''
      ? 'as in the source'
      : vr === 'SQ'
        ? ''
        : valueText(keyword, one[keyword], two[keyword], vr);
  return `| ${prefix}${keyword} | (${hex.slice(0, 4)},${hex.slice(4)}) | ${vr === 'ox' ? 'OB' : vr} | ${value} |`;
}

/** Attributes whose value is the same in the samples by chance only. */
const varying: ReadonlySet<string> = new Set([
  'SegmentNumber',
  'ReferencedSegmentNumber',
  'DimensionIndexValues',
  'LossyImageCompression',
  // That of the machine that makes the statement.
  'TimezoneOffsetFromUTC',
]);

/** SOP classes of results, as references name them; those of images depend on the source. */
function isResultClass(uid: string): boolean {
  return /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(?:30|66|88)(?:\.|$)/.test(uid);
}

function valueText(keyword: string, one: unknown, two: unknown, vr: string): string {
  const text = [one].flat().map(String).join('\\');
  const ownUID = vr === 'UI' && keyword !== 'SOPClassUID' && !isResultClass(text);
  const chance = varying.has(keyword) || vr === 'DA' || vr === 'TM' || (ownUID && text !== privateScheme.uid);
  if (chance || one instanceof Uint8Array || JSON.stringify(one) !== JSON.stringify(two)) return 'of the result';
  return vr === 'AT' && typeof one === 'number' ? (keywordOf(one) ?? '') : `\`${text}\``;
}

/** One line for each kind of content item. */
function tree(items: readonly Attributes[], indent: string): readonly string[] {
  const lines = new Set<string>();
  const out: string[] = [];
  for (const item of items) {
    const name = itemsOf(item, 'ConceptNameCodeSequence')[0];
    const value = itemsOf(item, 'ConceptCodeSequence')[0];
    const said = textOf(item, 'ValueType') === 'CODE' && value !== undefined ? ` = ${codeText(value)}` : '';
    const line = `${indent}${textOf(item, 'RelationshipType')} ${textOf(item, 'ValueType')}${name === undefined ? '' : ` ${codeText(name)}`}${said}`;
    const below = tree(itemsOf(item, 'ContentSequence'), `${indent}  `);
    const whole = [line, ...below].join('\n');
    if (lines.has(whole)) continue;
    lines.add(whole);
    out.push(whole);
  }
  return out;
}

function codeText(item: Attributes): string {
  const value = textOf(item, 'CodeValue') ?? textOf(item, 'LongCodeValue');
  return `(${value}, ${textOf(item, 'CodingSchemeDesignator')}, ${textOf(item, 'CodeMeaning')})`;
}

function exceptionTable(): string {
  const rows = Object.values(arguedExceptions).map(
    ({ checker, what, because }) => `| ${checker} | ${what} | ${because} |`,
  );
  return ['| checker | what | why |', '|---|---|---|', ...rows].join('\n');
}

function ruleTable(): string {
  const rows = checkRules.map(({ id, severity, section }) => `| ${id} | ${severity} | ${section} |`);
  return ['| rule | severity | where it stands |', '|---|---|---|', ...rows].join('\n');
}

function codeTable(codes: readonly Code[]): string {
  const own = new Map(
    codes.filter((code) => code.scheme === privateScheme.designator).map((code) => [code.value, code]),
  );
  const rows = [...own.values()].map((code) => `| ${code.value} | ${code.meaning} |`);
  return ['| value | meaning |', '|---|---|', ...rows].join('\n');
}
