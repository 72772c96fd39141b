import type { ArchiveIndex } from '../index/archive-index.ts';
import { levelAttributes, pick, type IndexEntry, type Level } from '../index/entry.ts';
import { numberOf, textOf, type JsonDataset } from '../part10/dicom-json.ts';
import { matches } from './matching.ts';
import type { Query } from './query.ts';

export interface SearchScope {
  readonly level: Level;
  readonly study?: string;
  readonly series?: string;
}

export interface SearchContext {
  readonly index: ArchiveIndex;
  /** Whole metadata of an instance, for attributes the index does not keep. */
  readonly metadata: (entry: IndexEntry) => Promise<JsonDataset>;
  /** Address of a resource: `studies/…`. */
  readonly address: (path: string) => string;
}

interface Candidate {
  readonly first: IndexEntry;
  readonly dataset: JsonDataset;
}

/** QIDO-RS (PS3.18 10.6): the studies, series or instances that fit, in one stable order. */
export async function search(scope: SearchScope, query: Query, context: SearchContext): Promise<JsonDataset[]> {
  const indexed = new Set<string>([...Object.values(levelAttributes).flat(), ...computed]);
  const beyondIndex = query.keys.some(({ tag }) => !indexed.has(tag));
  const fitting: Candidate[] = [];
  for (const candidate of candidates(scope, context)) {
    const dataset = beyondIndex
      ? { ...(await context.metadata(candidate.first)), ...candidate.dataset }
      : candidate.dataset;
    if (matches(dataset, query.keys)) fitting.push(candidate);
  }
  fitting.sort((a, b) => order[scope.level](a.dataset, b.dataset));
  const page = fitting.slice(query.offset, query.offset + query.limit);
  return Promise.all(page.map((candidate) => answer(candidate, scope.level, query, context)));
}

const computed = [
  '00080056',
  '00080061',
  '00080062',
  '00080190',
  '00081190',
  '00083002',
  '00201206',
  '00201208',
  '00201209',
];

function candidates(scope: SearchScope, context: SearchContext): Candidate[] {
  const { level, ...within } = scope;
  const entries = context.index.below(within);
  if (level === 'instance') return entries.map((entry) => ({ first: entry, dataset: instanceDataset(entry, context) }));
  const groups = new Map<string, IndexEntry[]>();
  for (const entry of entries) {
    const group = groups.get(entry[level]);
    if (group) group.push(entry);
    else groups.set(entry[level], [entry]);
  }
  const describe = level === 'study' ? studyDataset : seriesDataset;
  return [...groups.values()].map((group) => ({ first: group[0]!, dataset: describe(group, context) }));
}

const distinct = (entries: readonly IndexEntry[], tag: string) =>
  [...new Set(entries.map((entry) => textOf(entry.attributes, tag)))].filter((text) => text !== '');

function studyDataset(entries: readonly IndexEntry[], { address }: SearchContext): JsonDataset {
  const first = entries[0]!;
  return {
    ...first.attributes,
    '00080056': { vr: 'CS', Value: ['ONLINE'] },
    '00080061': { vr: 'CS', Value: distinct(entries, '00080060') },
    '00080062': { vr: 'UI', Value: distinct(entries, '00080016') },
    '00081190': { vr: 'UR', Value: [address(`studies/${first.study}`)] },
    '00201206': { vr: 'IS', Value: [new Set(entries.map((entry) => entry.series)).size] },
    '00201208': { vr: 'IS', Value: [entries.length] },
  };
}

function seriesDataset(entries: readonly IndexEntry[], { address }: SearchContext): JsonDataset {
  const first = entries[0]!;
  return {
    ...first.attributes,
    '00081190': { vr: 'UR', Value: [address(`studies/${first.study}/series/${first.series}`)] },
    '00201209': { vr: 'IS', Value: [entries.length] },
  };
}

function instanceDataset(entry: IndexEntry, { address }: SearchContext): JsonDataset {
  const path = `studies/${entry.study}/series/${entry.series}/instances/${entry.instance}`;
  return {
    ...entry.attributes,
    '00080056': { vr: 'CS', Value: ['ONLINE'] },
    '00081190': { vr: 'UR', Value: [address(path)] },
    '00083002': { vr: 'UI', Value: [entry.transferSyntaxUID] },
  };
}

/** Newest study first; series and instances by their numbers; UIDs where those are equal. */
const order: Readonly<Record<Level, (a: JsonDataset, b: JsonDataset) => number>> = {
  study: (a, b) => compare(when(b), when(a)) || compare(textOf(a, '0020000D'), textOf(b, '0020000D')),
  series: (a, b) => byNumber(a, b, '00200011') || compare(textOf(a, '0020000E'), textOf(b, '0020000E')),
  instance: (a, b) => byNumber(a, b, '00200013') || compare(textOf(a, '00080018'), textOf(b, '00080018')),
};

const when = (dataset: JsonDataset) => textOf(dataset, '00080020') + textOf(dataset, '00080030');
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const byNumber = (a: JsonDataset, b: JsonDataset, tag: string) =>
  (numberOf(a, tag) ?? Number.MAX_SAFE_INTEGER) - (numberOf(b, tag) ?? Number.MAX_SAFE_INTEGER);

/** Levels whose attributes a result carries: its own and those above, so that a search over all studies reads alone. */
const levelsUpTo: Readonly<Record<Level, readonly Level[]>> = {
  study: ['study'],
  series: ['study', 'series'],
  instance: ['study', 'series', 'instance'],
};

async function answer(candidate: Candidate, level: Level, query: Query, context: SearchContext): Promise<JsonDataset> {
  const own = levelsUpTo[level].flatMap((name) => [...levelAttributes[name]]);
  const base = pick(candidate.dataset, [...own, ...computed]);
  if (query.include !== 'all' && query.include.every((tag) => base[tag])) return sorted(base);
  const whole = await context.metadata(candidate.first);
  const wanted =
    query.include === 'all'
      ? Object.keys(whole).filter((tag) => level === 'instance' || !belowSeries(tag))
      : query.include;
  return sorted({ ...pick(whole, wanted), ...base });
}

/** Attributes that are one instance's own would be wrong on the series or study it stands for. */
function belowSeries(tag: string): boolean {
  return (
    tag === '00080018' || tag === '00200013' || tag.startsWith('0028') || tag.startsWith('7FE0') || tag === '00200032'
  );
}

function sorted(dataset: JsonDataset): JsonDataset {
  return Object.fromEntries(Object.entries(dataset).sort(([a], [b]) => compare(a, b)));
}
