import type { Analysis, Finding, Region } from '../../analysis/index.ts';

/** A finding that has a place, and that nobody rejected. */
export interface ShownFinding {
  readonly finding: Finding;
  readonly region: Region;
  /** Words beside the box: its label, and its score as a number without a unit. */
  readonly words: string;
}

/** What displays without SR are shown: what was rejected, or is said to be absent, must not look like a finding. Most important first. */
export function shownFindings({ findings }: Pick<Analysis, 'findings'>): readonly ShownFinding[] {
  return findings.flatMap((finding) => {
    const { region } = finding;
    return region === null || isRejected(finding) || finding.presence === 'absent'
      ? []
      : [{ finding, region, words: wordsOf(finding) }];
  });
}

function isRejected({ review }: Finding): boolean {
  return review.state === 'rejected';
}

/** @param name How to call it; its label where nothing else is asked for. */
export function wordsOf({ label, score, presence }: Finding, name = label): string {
  const stated = presence === null ? name : `${name}: ${presence}`;
  return score === null ? stated : `${stated} (${score.kind} ${Number(score.value.toPrecision(2))})`;
}

/** Slices that the boxes of the findings touch, in order of k. */
export function touchedSlices(shown: readonly ShownFinding[], count: number): readonly number[] {
  return Array.from({ length: count }, (_, k) => k).filter((k) => shown.some(({ region }) => onSlice(region, k)));
}

export function onSlice({ box }: Region, k: number): boolean {
  return k >= box.min[2] && k <= box.max[2];
}

/** The slice to look at first for each finding, most important first, each once. */
export function keySlices(shown: readonly ShownFinding[]): readonly number[] {
  return [...new Set(shown.map(({ region }) => region.centre[2]))];
}

/** Most slices of which each has an object of its own: a display that knows nothing better shows one after the other. */
const mostObjects = 20;

/** Slices that have an object each: those to look at first, or the middle one where no finding has a place. */
export function slicesOfTheirOwn(shown: readonly ShownFinding[], count: number): readonly number[] {
  const key = keySlices(shown);
  return key.length > 0 ? key.slice(0, mostObjects) : [Math.floor(count / 2)];
}

/** What every fallback says of itself, in words that fit any display; findings without a place, and what is absent, are said here. */
export function statementOf({ model, findings }: Analysis): readonly string[] {
  const rejected = findings.filter(isRejected);
  const drawn = new Set(shownFindings({ findings }).map(({ finding }) => finding));
  const unplaced = findings.filter((finding) => !drawn.has(finding) && !isRejected(finding));
  return [
    `AI: ${model.title} ${model.version}`,
    'Not for primary diagnosis',
    ...unplaced.map((finding) => wordsOf(finding)),
    ...(findings.length === 0 ? ['No findings'] : []),
    ...(rejected.length === 0 ? [] : [`${rejected.length} rejected by a person, not shown`]),
  ];
}
