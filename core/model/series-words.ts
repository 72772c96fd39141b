// What people write into SeriesDescription (0008,103E) and ProtocolName (0018,1030), read word by word: `t1_mprage`, `AX_T2_FLAIR`,
// `T2FLAIR`, `3DT1w post Gd`, `T1 +C`. A word is a run of letters and digits, upper or lower case; what is written together
// (`T1post`, `axT2`) is taken apart at names of weightings.

/** A text as far as series are told apart by it. */
export interface SeriesWords {
  /** What the image shows: `t1`, `flair`, `adc` … T2 FLAIR is `flair` alone; T1 FLAIR is `t1` alone. */
  readonly weightings: ReadonlySet<string>;
  /** What was made of the image, or what else it is for: `map`, `subtraction`, `localizer`. */
  readonly kinds: ReadonlySet<string>;
  /** Whether the words tell of a contrast agent; null where they tell nothing, or both. */
  readonly contrast: 'with' | 'without' | null;
  /** Modality (0008,0060) that the words tell: `ct`, `pet` and `suv` are modalities rather than weightings; null where they tell none, or several. */
  readonly modality: 'CT' | 'PT' | null;
  /** What else a name asks for: its words, lower case, less those that the other fields stand for. */
  readonly words: ReadonlySet<string>;
  /** Every word, lower case. */
  readonly all: ReadonlySet<string>;
}

const weightingOf: ReadonlyMap<string, string> = new Map([
  ...['t1', 't2', 't2star', 'pd', 'flair', 'dwi', 'adc', 'swi', 'tof', 'perfusion'].map(
    (name) => [name, name] as const,
  ),
  ['mprage', 't1'],
  ['darkfluid', 'flair'],
  ['diffusion', 'dwi'],
  ['diff', 'dwi'],
  ['trace', 'dwi'],
  ['perf', 'perfusion'],
  ['asl', 'perfusion'],
  // High b-value.
  ['hbv', 'dwi'],
]);
const modalityOf: ReadonlyMap<string, 'CT' | 'PT'> = new Map([
  ['ct', 'CT'],
  ['pet', 'PT'],
  ['pt', 'PT'],
  ['suv', 'PT'],
]);
/** Short names of BraTS, which are words of their own: T1 native, T2 FLAIR. */
const shortNames: ReadonlyMap<string, readonly string[]> = new Map([
  ['t1n', ['t1', 'native']],
  ['t2f', ['flair']],
]);
/** Of these a channel may ask for the very one: an MPRAGE is T1, but not every T1 is an MPRAGE. */
const ownWord = new Set(['mprage', 'trace', 'asl']);
/** The first is what an image is called for how it was made, the second what it shows all the same. */
const outranks: readonly (readonly [string, string])[] = [
  ['t1', 'flair'],
  ['flair', 't2'],
  ['t2star', 't2'],
  ['swi', 't2'],
  ['adc', 'dwi'],
  ['dwi', 't2'],
];
const kindOf: ReadonlyMap<string, string> = new Map([
  ['map', 'map'],
  ['mapping', 'map'],
  ['sub', 'subtraction'],
  ['subtraction', 'subtraction'],
  ['localizer', 'localizer'],
  ['localiser', 'localizer'],
  ['loc', 'localizer'],
  ['scout', 'localizer'],
  ['survey', 'localizer'],
]);

const agents = new Set(['contrast', 'kontrast', 'gd', 'gad', 'gado', 'gadolinium', 'ce', 'km', 'enhanced']);
const negatives = new Set(['no', 'non', 'without', 'wo', 'ohne', 'sans', 'pre', 'before', 'vor']);
const bare = new Set(['native', 'nativ', 'unenhanced', 'nonenhanced', 'noncontrast', 'minuscontrast']);
/** Before these, `pre` and `post` are not about an agent. */
const treatment = /^(?:op|operative|surgery|surgical|proc|processing|treatment|therapy)$/;
/** Words that tell nothing where a channel is named: T1-weighted MR image. */
const filler = new Set(['w', 'wi', 'weighted', 'mr', 'mri', 'image', 'images', 'with', 'and']);

/** @param text any text, such as a description or a channel's name */
export function readWords(text: string): SeriesWords {
  const tokens = tokensOf(text);
  const { contrast, spent } = agentIn(tokens);
  const weightings = new Set(tokens.flatMap((token) => weightingOf.get(token) ?? []));
  const kinds = new Set(tokens.flatMap((token) => kindOf.get(token) ?? []));
  for (const [winner, loser] of outranks) if (weightings.has(winner)) weightings.delete(loser);
  // An ADC map is what ADC means.
  if (weightings.has('adc')) kinds.delete('map');
  const isKnown = (token: string) =>
    (weightingOf.has(token) && !ownWord.has(token)) || kindOf.has(token) || modalityOf.has(token);
  const modalities = new Set(tokens.flatMap((token) => modalityOf.get(token) ?? []));
  const [modality = null] = modalities.size === 1 ? modalities : [];
  const telling = tokens.flatMap((token, n) => (filler.has(token) ? [] : [{ token, isSpent: spent.has(n) }]));
  const others = telling.filter(({ token, isSpent }) => !isSpent && !isKnown(token));
  // A name of nothing but an agent (`contrast`), or of nothing that tells (`MR`), asks for its very words.
  const isBare = weightings.size + kinds.size + modalities.size + others.length === 0;
  const asked = isBare ? telling : others;
  const words = isBare && telling.length === 0 ? tokens : asked.map(({ token }) => token);
  return { weightings, kinds, contrast, modality, words: new Set(words), all: new Set(tokens) };
}

const phrases: readonly (readonly [RegExp, string])[] = [
  [/t2w?[\s_-]*(?:\*|star(?![a-z]))/g, ' t2star '],
  [/dark[\s_-]*fluid/g, ' darkfluid '],
  // With and without in one breath names the examination, not the series.
  [/(?<![a-z\d])w(?:ith)?[\s_]*(?:and|[&+/])?[\s_]*(?:w\/?o|without)(?![a-z\d])/g, ' bothways '],
  [/(?<![a-z\d])(?:w\/?o|without)[\s_]*(?:and|[&+/])?[\s_]*w(?:ith)?(?![a-z\d/])/g, ' bothways '],
  [/(?<![a-z\d])w\/o(?![a-z\d])/g, ' without '],
  [/\+\s*c(?![a-z\d])|(?<![a-z\d])c\+/g, ' ce '],
  [/(?<=^|[\s_])-c(?![a-z\d])|(?<![a-z\d])c-(?=$|\s)/g, ' minuscontrast '],
];

function tokensOf(text: string): readonly string[] {
  const lower = phrases.reduce((read, [pattern, word]) => read.replace(pattern, word), text.toLowerCase());
  return (lower.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).flatMap(partsOf);
}

/** With the plane or the dimensions before it, or a letter as in `sT2W`. */
const together = /^(?:ax|axial|tra|trans|cor|sag|3d|2d|[a-z](?=t[12]w))?(t1|t2|flair)(?!\d|star|rho)(.+)$/;
const planeBefore = /^(ax|axial|tra|trans|cor|sag|3d|2d)(t1|t2|flair|pd|dwi)$/;
const weighted = /^(t1|t2|pd|dwi|adc|swi)(?:weighted|wi|w)?(fs|map)?$/;
const agentTogether = /^(pre|post|non)(gd|gad|gado|contrast|c|km)$/;

/** `t1wpost` is T1 and post; `t10` and `t2star` are words of their own. */
function partsOf(token: string): readonly string[] {
  const short = shortNames.get(token);
  if (short !== undefined) return short;
  const [, plain, suffix] = weighted.exec(token) ?? [];
  if (plain !== undefined) return suffix === undefined ? [plain] : [plain, suffix];
  const [, plane, shown] = planeBefore.exec(token) ?? [];
  if (plane !== undefined && shown !== undefined) return [plane, shown];
  const [, weighting, rest] = together.exec(token) ?? [];
  if (weighting !== undefined && rest !== undefined) {
    const told = rest.replace(/^(?:weighted|wi|w)(?=$|ce|c$|gd|gad|post|pre|flair|km|\d)/, '');
    return [weighting, ...(told === '' ? [] : partsOf(told))];
  }
  const [, when, agent] = agentTogether.exec(token) ?? [];
  return when === undefined || agent === undefined ? [token] : [when, agent === 'c' ? 'ce' : agent];
}

/** What the words tell of an agent, and the places of those that tell it. */
function agentIn(tokens: readonly string[]): Pick<SeriesWords, 'contrast'> & { readonly spent: ReadonlySet<number> } {
  const spent = new Set<number>();
  const told = new Set<'with' | 'without'>();
  tokens.forEach((token, n) => {
    const before = tokens[n - 1] ?? '';
    const after = tokens[n + 1] ?? '';
    if (before === 'bothways' || before === 'phase' || (/^(?:pre|post)$/.test(token) && treatment.test(after))) return;
    if (bare.has(token) || token === 'pre') told.add('without');
    else if (token === 'post') told.add('with');
    else if (agents.has(token)) {
      const denied = [before, /^(?:iv|i|v)$/.test(before) ? tokens[n - 2] : ''].find((one) => negatives.has(one ?? ''));
      told.add(denied === undefined ? 'with' : 'without');
      if (denied !== undefined) spent.add(tokens.lastIndexOf(denied, n));
    } else if (token === 'c' && /^(?:t1|t2|flair|mprage)$/.test(before) && !/^sp/.test(after)) told.add('with');
    else return;
    spent.add(n);
  });
  const [first] = told;
  return { contrast: told.size === 1 && first !== undefined ? first : null, spent };
}
