import { describe, expect, test } from 'vitest';
import {
  channelSeries,
  currentRecord,
  currentSeries,
  offeredModels,
} from '../../../../extension/src/analysis/index.ts';
import { runKey } from '../../../../extension/src/analysis/state.ts';
import { analysisOf } from '../../../support/analyses.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import { MemoryHost } from '../../../support/memory-host.ts';
import { otherStudy } from '../../../support/other-study.ts';
import { openRoom, until } from '../../../support/reading-room.ts';
import { tinyManifest } from '../../../support/tiny-manifest.ts';

// A study of three series that look alike by their headers, and a model that reads two or three of them.

const [first, second, third] = [ctSeries(), ctSeries({ number: 2 }), ctSeries({ number: 3 })];
const elsewhere = otherStudy(first, '2.25.777');
const uid = ({ geometry }: typeof first) => geometry.seriesInstanceUID;
const modelOf = (...channels: string[]) => {
  const ct = { modality: 'CT' };
  const input = {
    name: 'input',
    spacing: 'native' as const,
    patch: { mode: 'whole' as const },
    channels: [{ name: 'before' }, ...channels.map((name) => ({ name, series: ct }))],
  };
  return {
    manifest: tinyManifest(new Uint8Array(4), { input }),
    url: 'https://viewer.example/overread/models/tiny-test/model.json',
  };
};

function open(channels: readonly string[] = ['after'], series = [first, second, third, elsewhere]) {
  const host = new MemoryHost(series);
  host.openStudy(first.geometry.studyInstanceUID);
  const parts = openRoom(host);
  const model = modelOf(...channels);
  const { store, actions } = parts.room;
  /** By channel: what could be chosen, and what is. */
  const channelsNow = () => {
    const state = store.getState();
    return channelSeries(model, currentSeries(state)!, state.series, currentRecord(state)).map((one) => [
      one.channel,
      one.options.map(({ seriesInstanceUID }) => seriesInstanceUID),
      one.chosen?.seriesInstanceUID ?? null,
    ]);
  };
  const offered = () => {
    const state = store.getState();
    return offeredModels([model], currentSeries(state)!, state.series, currentRecord(state));
  };
  return { ...parts, host, model, store, actions, channelsNow, offered };
}

describe('series that fit a channel equally well', () => {
  test('are a question to the reader, not a reason against the model', () => {
    const { channelsNow, offered } = open();
    expect(offered()).toMatchObject({ applying: [{}], others: [] });
    expect(channelsNow()).toEqual([['after', [uid(second), uid(third)], null]]);
  });

  test.each(['browser', 'server'] as const)('are read as the reader said, computed by the %s', (place) => {
    const { actions, model, channelsNow, ...parts } = open();
    actions.choosePlace(place);
    actions.chooseChannel(model, 'after', uid(third));
    expect(channelsNow()).toEqual([['after', [uid(second), uid(third)], uid(third)]]);
    actions.run(model);
    expect(parts[place].calls[0]!.job.otherSeries).toEqual({ after: uid(third) });
  });

  test('leave one for the other channel, and change places where the reader wants that one', () => {
    const { actions, model, channelsNow } = open(['after', 'late']);
    const chosen = () => channelsNow().map(([channel, , series]) => [channel, series]);
    expect(chosen()).toEqual([['after', null], ['late', null]]); // prettier-ignore
    actions.chooseChannel(model, 'after', uid(second));
    expect(chosen()).toEqual([['after', uid(second)], ['late', uid(third)]]); // prettier-ignore
    actions.chooseChannel(model, 'late', uid(second));
    expect(chosen()).toEqual([['after', uid(third)], ['late', uid(second)]]); // prettier-ignore
  });

  test('are remembered for this study and this first series, and only there', async () => {
    const { actions, model, channelsNow, host, browser, store } = open();
    actions.chooseChannel(model, 'after', uid(third));
    actions.run(model);
    browser.calls[0]!.finish(analysisOf(first.geometry));
    await until(() => Object.keys(currentRecord(store.getState()).results).length === 1, 'the result is there');
    host.activate(uid(second));
    expect(channelsNow()).toEqual([['after', [uid(first), uid(third)], null]]);
    host.openStudy(elsewhere.geometry.studyInstanceUID);
    host.openStudy(first.geometry.studyInstanceUID);
    expect(channelsNow()).toEqual([['after', [uid(second), uid(third)], uid(third)]]);
  });

  test('are found again where the one that the reader chose has gone', () => {
    const { actions, model, channelsNow } = open(['after'], [first, second, elsewhere]);
    actions.chooseChannel(model, 'after', uid(third));
    expect(channelsNow()).toEqual([['after', [uid(second)], uid(second)]]);
  });
});

describe('a series that two channels could read', () => {
  const manifest = tinyManifest(new Uint8Array(4), {
    input: {
      name: 'input',
      spacing: 'native',
      patch: { mode: 'whole' },
      channels: [
        { name: 'first' },
        { name: 'alpha', series: { words: ['alpha'] } },
        { name: 'beta', series: { words: ['beta'] } },
      ],
    },
  });
  const model = { manifest, url: 'https://viewer.example/overread/models/tiny-test/model.json' };

  test('is not offered where another channel would be left without, and such a choice locks nobody out', () => {
    const { store } = open();
    const { series } = store.getState();
    const named = (at: number, description: string) => ({ ...series[at]!, description, words: [description] });
    const study = [named(0, 'first'), named(1, 'alpha beta'), named(2, 'alpha')];
    const record = currentRecord(store.getState());
    const uids = study.map(({ seriesInstanceUID }) => seriesInstanceUID);
    const now = (channels: Record<string, string>) => {
      const said = { ...record, channels: { [runKey(uids[0]!, manifest.id)]: channels } };
      return channelSeries(model, study[0]!, study, said).map((one) => [
        one.channel,
        one.options.map(({ seriesInstanceUID }) => seriesInstanceUID),
        one.chosen?.seriesInstanceUID ?? null,
      ]);
    };
    const found = [
      ['alpha', [uids[2]], uids[2]],
      ['beta', [uids[1]], uids[1]],
    ];
    expect(now({})).toEqual(found);
    expect(now({ alpha: uids[1]! })).toEqual(found);
  });
});
