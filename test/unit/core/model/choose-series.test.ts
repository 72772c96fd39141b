import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseSeries, seriesForChannels, seriesFacts, type SeriesCandidate } from '@overread/core/model';
import { describeSeries } from '@overread/core/volume';
import { syntheticSeries, type SyntheticSeries } from '../../../support/synthetic-series.ts';

type Channels = Parameters<typeof chooseSeries>[0]['channels'];

/** The number of a series is its UID. */
function series(uid: string, header: object, options: SyntheticSeries & { space?: string } = {}): SeriesCandidate {
  const { space = '1.2.3', ...shape } = options;
  const instances = syntheticSeries({ slices: 20, ...shape }).map((instance) => ({
    ...instance,
    Modality: 'MR',
    SeriesNumber: Number(uid),
    ...header,
    FrameOfReferenceUID: space,
  }));
  return { seriesInstanceUID: uid, ...seriesFacts(instances[0] ?? {}), geometry: describeSeries(instances) };
}

/** A study of series by their descriptions, numbered from 1 on. */
const described = (...texts: string[]) => texts.map((text, n) => series(`${n + 1}`, { SeriesDescription: text }));
/** Channels as the importers write them: each by its name. */
const channelsNamed = (...names: string[]): Channels =>
  names.map((name) => ({ name, series: { modality: 'MR', words: [name] } }));

const t1 = series('1', { SeriesDescription: 'Ax T1 SE' });
const contrast = series('2', { SeriesDescription: 'Ax T1 SE +C', ContrastBolusAgent: 'Gadobutrol' });
const flair = series('3', { SeriesDescription: 'Dark-blood', ProtocolName: 'FLAIR_3mm' });
const study = [t1, contrast, flair, series('4', { SeriesDescription: 'Localizer' })];

const channels: Channels = [
  { name: 't1', series: { words: ['T1'], contrast: 'without' } },
  { name: 'contrast', series: { modality: 'MR', words: ['t1'], contrast: 'with' } },
  { name: 'flair', series: { words: ['flair'] } },
];

describe('the series of the other channels', () => {
  it('are found by what their headers say', () => {
    expect(chooseSeries({ channels }, '1', study)).toEqual({ ok: true, series: { contrast: '2', flair: '3' } });
  });

  it('go by the name of a channel that says nothing of its series', () => {
    expect(chooseSeries({ channels: [{ name: 'a' }, { name: 'localizer' }] }, '1', study)).toEqual({
      ok: true,
      series: { localizer: '4' },
    });
  });

  it('are images, where the manifest names no modality: masks and reports are called like what they are about', () => {
    const mask = series('5', { SeriesDescription: 'FLAIR', Modality: 'SEG' });
    const flairOf = (words: object): Channels => [{ name: 'a' }, { name: 'flair', series: { words: ['flair'], ...words } }]; // prettier-ignore
    expect(chooseSeries({ channels: flairOf({}) }, '1', [mask, ...study])).toEqual({
      ok: true,
      series: { flair: '3' },
    });
    expect(chooseSeries({ channels: flairOf({ modality: 'SEG' }) }, '1', [mask, ...study])).toEqual({
      ok: true,
      series: { flair: '5' },
    });
  });

  it('are found beside those that were chosen already, which serve no other channel', () => {
    const two = channelsNamed('PD', 'T1', 'T2');
    const found = chooseSeries({ channels: two }, '1', described('PD', 'T1', 'T2 ax', 'T2 sag'), { T2: '4' });
    expect(found).toEqual({ ok: true, series: { T1: '2', T2: '4' } });
    expect(chooseSeries({ channels: two }, '1', described('PD', 'T1'), { T2: '2' }).ok).toBe(false);
  });

  it('are named where they lack, each with what was asked for', () => {
    const elsewhere = series('7', { SeriesDescription: 'FLAIR' }, { space: '9.9' });
    expect(chooseSeries({ channels }, '1', [t1, elsewhere])).toEqual({
      ok: false,
      because: [
        "It also reads a series as 'contrast' (MR, with contrast agent, named t1); the study has none.",
        "It also reads a series as 'flair' (named flair); the one there is does not share the frame of reference of this series.",
      ],
    });
  });

  it('cannot be laid over a series without a frame of reference', () => {
    const lone = series('8', { SeriesDescription: 'T1' }, { space: '' });
    expect(chooseSeries({ channels }, '8', [lone, ...study]).ok).toBe(false);
  });

  it('are in colour or not as the model reads them', () => {
    const two: Channels = [{ name: 'a' }, { name: 't1' }];
    expect(chooseSeries({ channels: two, samples: 'rgb' }, '3', study).ok).toBe(false);
    expect(chooseSeries({ channels: two, samples: 'grey' }, '3', study).ok).toBe(true);
  });
});

describe('of series that are called alike', () => {
  it.each<[channel: string, texts: string[], chosen: number]>([
    ['T2', ['PD', 'T2 TSE', 'T2 FLAIR 3D'], 2],
    ['T2', ['PD', 'AX_T2_FLAIR', 't2_tirm_tra_dark-fluid', 'T2FLAIR', 'T2w'], 5],
    ['T2', ['PD', 'T2*', 'T2 map', 'T2star', 'T2 localizer', 'AxT2'], 6],
    ['T2', ['PD', 'T2 post Gd', 'T2'], 3],
    ['FLAIR', ['PD', 'T1 FLAIR', 'T2 TSE', '3DFLAIR'], 4],
    ['T2', ['PD', 'sT2W_FLAIR', 'sT1W_3D_TFE', 'T2W_TSE'], 4],
    ['T1', ['PD', 'T10 spine', 'ST1', 't1_mprage'], 4],
    ['T1', ['PD', 'T1post', 'T1C', 'T1 +C', 'T1 KM', 'T1wCE', 'Sag T1-weighted'], 7],
    ['T1', ['PD', 'T1 c-spine', 'T1 C'], 2],
    ['T1', ['PD', 'T1 post op', 'T1 post'], 2],
    ['T1', ['PD', 'T1 w/o contrast', 'T1 w contrast'], 2],
    ['T1c', ['PD', 'T1', 'T1 MPRAGE post Gd'], 3],
    ['t1ce', ['PD', 'T1 pre contrast', 'T1 phase contrast', 'T1+C'], 4],
    ['T1Gd', ['PD', 'T1 -C', 'C+ T1'], 3],
    ['T1 with contrast', ['PD', 'T1 without contrast', 'T1 contrast'], 3],
    ['ADC', ['PD', 'DWI b1000', 'ep2d_diff_ADC', 'DWI trace'], 3],
    ['DWI', ['PD', 'ADC map', 'ep2d_diff_b1000'], 3],
    ['t1c', ['PD', 'brats_t1n', 't1c_n4'], 3],
    ['t1n', ['PD', 'T1 post Gd', 'T1'], 3],
    ['t2w', ['PD', 't2f', 'T2 TSE'], 3],
    ['t2f', ['PD', 'T2 TSE', 'T2 FLAIR'], 3],
    ['FLAIR', ['PD', 't2w', 't2f'], 3],
    ['t1ce', ['PD', 't1n', 't1c'], 3],
    ['hbv', ['PD', 'ADC', 'DWI b1400'], 3],
    ['HBV', ['PD', 'ADC', 't2f', 'hbv_1500'], 4],
    ['portal venous', ['arterial', 'portal', 'Liver PORTAL-VENOUS'], 3],
  ])('%s takes of %j number %i', (channel, texts, chosen) => {
    expect(chooseSeries({ channels: channelsNamed('first', channel) }, '1', described(...texts))).toEqual({
      ok: true,
      series: { [channel]: `${chosen}` },
    });
  });

  it.each(['T1C', 'T1 post Gd', 'T1 +C', 'T1 MPR ce', 'T1-KM', 'T2 TSE', 'T1 map', 'T1 subtraction'])(
    'T1 takes no %s, not even where there is no other',
    (text) => {
      expect(chooseSeries({ channels: channelsNamed('first', 'T1') }, '1', described('PD', text))).toEqual({
        ok: false,
        because: ["It also reads a series as 'T1' (MR, without contrast agent, named T1); the study has none."],
      });
    },
  );

  it('T1 takes none whose header names an agent; T2 does, of which the agent changes little', () => {
    const given = { ContrastBolusAgent: 'Gadobutrol' };
    const after = [t1, series('5', { SeriesDescription: 'T1', ...given }), series('6', { SeriesDescription: 'T2', ...given })]; // prettier-ignore
    expect(chooseSeries({ channels: channelsNamed('first', 'T1') }, '1', after).ok).toBe(false);
    expect(chooseSeries({ channels: channelsNamed('first', 'T2') }, '1', after)).toEqual({
      ok: true,
      series: { T2: '6' },
    });
  });

  it('the description goes before the name of the protocol, which is often that of the whole study', () => {
    const protocol = { ProtocolName: 'Head T1 T2 FLAIR W WO CONTRAST' };
    const all = ['PD', 'T1', 'T2', 'FLAIR'].map((text, n) => series(`${n + 1}`, { SeriesDescription: text, ...protocol })); // prettier-ignore
    expect(chooseSeries({ channels: channelsNamed('PD', 'FLAIR', 'T1', 'T2') }, '1', all)).toEqual({
      ok: true,
      series: { T1: '2', T2: '3', FLAIR: '4' },
    });
  });

  it('the one of which a series says more has it', () => {
    const three = channelsNamed('plain', 'liver', 'liver portal');
    expect(chooseSeries({ channels: three }, '1', described('a', 'Liver portal', 'Liver'))).toEqual({
      ok: true,
      series: { 'liver portal': '2', liver: '3' },
    });
    expect(chooseSeries({ channels: three }, '1', described('a', 'Liver portal')).ok).toBe(false);
  });

  it.each([[['FLAIR', 'T1', 'T1c']], [['T1c', 'FLAIR', 'T1']], [['T1c', 'T1', 'FLAIR']], [['T1', 'T1c', 'FLAIR']]])(
    'all are found in whatever order the manifest names them: %j',
    (names) => {
      const uids: Record<string, string> = { T1: '1', T1c: '2', FLAIR: '3' };
      const three = described('Ax T1 SE', 'Ax T1 SE post Gd', 'AX_T2_FLAIR');
      const [first = '', ...others] = names;
      expect(chooseSeries({ channels: channelsNamed(...names) }, uids[first] ?? '', three)).toEqual({
        ok: true,
        series: Object.fromEntries(others.map((name) => [name, uids[name]])),
      });
    },
  );
});

describe('a channel named by a modality', () => {
  const ct = series('1', { SeriesDescription: 'AC for PET, 5 mm', Modality: 'CT' });
  const pet = series('2', { SeriesDescription: 'WB corrected', Modality: 'PT' });
  const scout = series('3', { SeriesDescription: 'Scout', Modality: 'OT' });
  const named = (name: string, modality?: string): Channels => [
    { name: 'first' },
    { name, series: { words: [name], ...(modality !== undefined && { modality }) } },
  ];

  it.each(['PET', 'pt', 'SUV', 'PET image'])('takes a series of that modality, whatever it is called: %s', (name) => {
    const found = { ok: true, series: { [name]: '2' } };
    expect(chooseSeries({ channels: named(name) }, '1', [ct, pet, scout])).toEqual(found);
    expect(chooseSeries({ channels: named(name, 'PT') }, '1', [ct, pet, scout])).toEqual(found);
  });

  it('takes none that is only called so', () => {
    const lone = { ...pet, seriesInstanceUID: '9' };
    expect(chooseSeries({ channels: named('PET') }, '9', [lone, ct]).ok).toBe(false);
    expect(chooseSeries({ channels: named('CT') }, '2', [pet, ct])).toEqual({ ok: true, series: { CT: '1' } });
  });

  it.each(['spect', 'acts', 'petrous'])('is so by whole words only: not %s', (name) => {
    expect(chooseSeries({ channels: named(name) }, '1', [ct, pet, scout]).ok).toBe(false);
  });

  it('takes the one that it names further', () => {
    const other = series('4', { SeriesDescription: 'WB uncorrected', Modality: 'PT' });
    expect(chooseSeries({ channels: named('PET uncorrected') }, '1', [ct, pet, other])).toEqual({
      ok: true,
      series: { 'PET uncorrected': '4' },
    });
    expect(chooseSeries({ channels: named('PET') }, '1', [ct, pet, other]).ok).toBe(false);
  });
});

describe('series that fit equally well', () => {
  it('are not chosen between: both are named by their numbers', () => {
    const thin = series('12', { SeriesDescription: 'T2 thin, PHANTOM' }, { slices: 60, spacing: 1 });
    const sameGrid = series('5', { SeriesDescription: 'T2 thick' });
    expect(chooseSeries({ channels: channelsNamed('T1', 'T2') }, '1', [t1, thin, sameGrid])).toEqual({
      ok: false,
      because: ["It also reads a series as 'T2' (MR, named T2); the series 5 and 12 fit equally well."],
      undecided: { channels: ['T2'], series: {} },
    });
  });

  it('nor are those that could change places', () => {
    const two: Channels = [
      { name: 't1' },
      { name: 'one', series: { words: ['flair'] } },
      { name: 'two', series: { words: ['flair'] } },
    ];
    const answer = chooseSeries({ channels: two }, '1', described('T1', 'FLAIR ax', 'FLAIR sag'));
    expect(answer).toEqual({
      ok: false,
      because: [
        "It also reads a series as 'one' (named flair); the series 2 and 3 fit equally well.",
        "It also reads a series as 'two' (named flair); the series 2 and 3 fit equally well.",
      ],
      undecided: { channels: ['one', 'two'], series: {} },
    });
    expect(chooseSeries({ channels: two }, '1', described('T1', 'FLAIR ax'))).toMatchObject({
      ok: false,
      because: [expect.stringContaining('the study has too few of these')],
    });
  });

  it('leave the others as they are found, and are settled by a word of a person', () => {
    const three = channelsNamed('PD', 'T1', 'T2');
    const alike = described('PD', 'T1', 'T2 ax', 'T2 sag');
    expect(chooseSeries({ channels: three }, '1', alike)).toMatchObject({
      ok: false,
      undecided: { channels: ['T2'], series: { T1: '2' } },
    });
    expect(seriesForChannels({ channels: three }, '1', alike.toReversed())).toEqual({ T1: ['2'], T2: ['3', '4'] });
    expect(chooseSeries({ channels: three }, '1', alike, { T2: '4' })).toEqual({
      ok: true,
      series: { T1: '2', T2: '4' },
    });
  });

  it('are no question where something is lacking all the same', () => {
    const three = channelsNamed('PD', 'T1', 'T2');
    const answer = chooseSeries({ channels: three }, '1', described('PD', 'T2 ax', 'T2 sag'));
    expect(answer).toMatchObject({ ok: false, because: [expect.stringContaining("'T1'")] });
    expect(answer).not.toHaveProperty('undecided');
  });

  it('are told as such where they have no number', () => {
    const none = { SeriesDescription: 'T2', SeriesNumber: undefined };
    expect(
      chooseSeries({ channels: channelsNamed('T1', 'T2') }, '1', [t1, series('5', none), series('6', none)]),
    ).toMatchObject({ ok: false, because: [expect.stringContaining('without a number and without a number')] });
  });
});

describe('whatever a study holds', () => {
  const part = fc.constantFrom('T1', 'T2', 'FLAIR', 'post', '+C', 'ax', 'ADC', 'T2*', 'map', 'w/o', 'contrast', 'b1000', 'constructor'); // prettier-ignore
  const text = fc.oneof(
    fc.array(part, { maxLength: 4 }).map((parts) => parts.join(' ')),
    fc.string({ unit: 'binary', maxLength: 20 }),
  );
  const names = fc.uniqueArray(fc.oneof(part, text), { minLength: 2, maxLength: 5 });

  it('the order of its series decides nothing, no series serves twice, and each fits whom it serves', () => {
    fc.assert(
      fc.property(names, fc.array(text, { minLength: 1, maxLength: 8 }), fc.nat(), (asked, texts, seed) => {
        const all = described(...texts);
        const shuffled = all.toSorted((a, b) => ((Number(a.seriesInstanceUID) * (seed + 7)) % 11) - ((Number(b.seriesInstanceUID) * (seed + 7)) % 11)); // prettier-ignore
        const input = { channels: channelsNamed(...asked) };
        const answer = chooseSeries(input, '1', all);
        expect(chooseSeries(input, '1', shuffled)).toEqual(answer);
        if (!answer.ok) return;
        const chosen = Object.values(answer.series);
        expect(new Set([...chosen, '1']).size).toBe(asked.length);
        // What is chosen for a channel fits it alone too: it is refused only where several would.
        for (const [name, uid] of Object.entries(answer.series)) {
          const alone = all.filter(({ seriesInstanceUID }) => ['1', uid].includes(seriesInstanceUID));
          expect(chooseSeries({ channels: channelsNamed('first', name) }, '1', alone)).toEqual({
            ok: true,
            series: { [name]: uid },
          });
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('what a header says of the contrast agent', () => {
  it.each<[object, 'with' | 'without' | null]>([
    [{}, null],
    [{ ContrastBolusAgent: '' }, null],
    [{ ContrastBolusAgent: 'NONE ' }, 'without'],
    [{ ContrastBolusAgent: 'Omnipaque 350' }, 'with'],
    [{ ContrastBolusAgentSequence: [{ CodeMeaning: 'Iohexol' }] }, 'with'],
  ])('%j', (header, contrast) => {
    expect(seriesFacts(header as Record<string, unknown>).contrast).toBe(contrast);
  });
});
