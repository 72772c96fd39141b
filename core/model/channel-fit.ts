import type { Manifest } from './manifest/index.ts';
import type { SeriesFacts } from './series-facts.ts';
import { readWords, type SeriesWords } from './series-words.ts';

type Channel = Manifest['input']['channels'][number];
/** The part of a header that channels ask about; what is left out is not known. */
type Facts = Pick<SeriesFacts, 'modality'> & Partial<Pick<SeriesFacts, 'words' | 'contrast'>>;

/** Modalities (PS3.3 C.7.3.1.1.1) of what is about images, and may have frames all the same: a mask of a T1 is called T1 too. */
const aboutImages = new Set('SR SEG PR KO REG FID ANN DOC M3D RTSTRUCT RTPLAN RTRECORD RTDOSE'.split(' '));

/** How well a series fits a channel. */
interface Fit {
  /** How many things that the channel asks for the header says. */
  readonly asked: number;
  /** 1 where its description says them, 0 where it takes the name of the protocol, which several series of a study share. */
  readonly byDescription: 0 | 1;
}

/**
 * Whether a series is one that a channel reads, and how well it fits; null where it is not. A channel that says nothing of its series goes
 * by its own name, and is given images only. Of `words` any one must be there, as whole words; one of several words (`T1 post`) asks for all of them. The words
 * for an agent ask for one; CT, PET and SUV ask for a series of that modality, whatever its description says. A channel that names a weighting takes no other one: T2 is not T2 FLAIR, nor a T2 map. It is plain if it
 * names no agent: what is called enhanced is not taken for it, and for T1, where an agent changes most, nothing that was given one.
 */
export function fitOf({ name, series }: Channel, facts: Facts): Fit | null {
  const { modality, contrast, words } = series ?? { words: [name] };
  if (modality === undefined ? aboutImages.has(facts.modality) : facts.modality !== modality) return null;
  const said = saidBy(facts);
  // The header tells the modality of a series; its description another one at times: `CT for PET`.
  const asked = (words?.map(readWords) ?? [readsAnything]).filter(
    (phrase) => phrase.modality === null || facts.modality === '' || phrase.modality === facts.modality,
  );
  const fits = asked.flatMap(
    (phrase) => phraseFit(phrase, contrast ?? phrase.contrast, said, facts.contrast ?? null) ?? [],
  );
  return fits.toSorted((a, b) => b.asked - a.asked || b.byDescription - a.byDescription)[0] ?? null;
}

/** Whether a channel takes nothing that was given an agent, though its manifest does not say so. */
export function isPlainT1({ name, series }: Channel): boolean {
  const words = series === undefined ? [name] : (series.words ?? []);
  const read = words.map(readWords);
  return (
    series?.contrast === undefined && read.length > 0 && read.every((one) => one.weightings.has('t1') && !one.contrast)
  );
}

/** A series as its texts tell of it, and what its first text tells alone. */
interface Said extends Omit<SeriesWords, 'words' | 'modality'> {
  readonly first: SeriesWords | undefined;
}

const none: ReadonlySet<string> = new Set();
const readsAnything: SeriesWords = {
  weightings: none,
  kinds: none,
  words: none,
  all: none,
  contrast: null,
  modality: null,
};

/** The description decides what the image is; the name of the protocol is asked only where it names no weighting. */
function saidBy({ words: texts = [] }: Facts): Said {
  const read = texts.map(readWords);
  const deciding = read.findIndex(({ weightings }) => weightings.size > 0);
  const decisive = deciding < 0 ? read : read.slice(0, deciding + 1);
  const contrast = decisive.find((one) => one.contrast !== null)?.contrast ?? null;
  const joined = (of: readonly SeriesWords[], part: 'weightings' | 'kinds' | 'all') =>
    new Set(of.flatMap((one) => [...one[part]]));
  return {
    weightings: joined(decisive, 'weightings'),
    kinds: joined(decisive, 'kinds'),
    all: joined(read, 'all'),
    contrast,
    first: read[0],
  };
}

function phraseFit(
  phrase: SeriesWords,
  wanted: SeriesWords['contrast'],
  said: Said,
  agent: SeriesWords['contrast'],
): Fit | null {
  const { weightings, kinds, words, modality } = phrase;
  if (!holds(said, phrase)) return null;
  const namesWeighting = weightings.size > 0;
  if (namesWeighting && (said.weightings.size > weightings.size || said.kinds.size > kinds.size)) return null;
  const told = new Set([said.contrast, agent].filter((one) => one !== null));
  if (wanted === 'with' && !(told.has('with') && !told.has('without'))) return null;
  if (wanted === 'without' && told.has('with')) return null;
  const isPlain = wanted === null && namesWeighting;
  if (isPlain && (said.contrast === 'with' || (weightings.has('t1') && agent === 'with'))) return null;
  const agreed = wanted !== null && told.has(wanted) ? 1 : 0;
  return {
    asked: weightings.size + kinds.size + words.size + agreed + (modality === null ? 0 : 1),
    byDescription: said.first !== undefined && holds(said.first, phrase) ? 1 : 0,
  };
}

function holds(said: Omit<SeriesWords, 'words' | 'modality'>, { weightings, kinds, words }: SeriesWords): boolean {
  return isWithin(weightings, said.weightings) && isWithin(kinds, said.kinds) && isWithin(words, said.all);
}

const isWithin = (part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean =>
  [...part].every((one) => whole.has(one));
