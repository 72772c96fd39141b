import type { ManifestSource } from '@overread/core/model';
import { sourceFault, unsupported } from '../fault.ts';
import type { Component } from './component.ts';
import type { ConfigValue } from './config.ts';
import { keepsLabels, keepsValues } from './data-types.ts';
import { nothing, type Handlers } from './transforms.ts';

type FinishStep = NonNullable<ManifestSource['finish']>[number];

/** What the transforms behind the network come to. */
export interface Finishing {
  activation: 'softmax' | 'sigmoid' | null;
  /** How scores become labels: the largest channel, or each channel from a threshold on. */
  choice: { readonly kind: 'argmax' } | { readonly kind: 'threshold'; readonly threshold: number } | null;
  /** Channels of the network's answer. */
  readonly channels: number;
  /** Whether each label has a channel of its own by now; else there is one channel of labels. */
  oneHot: boolean;
  readonly steps: FinishStep[];
  inverted: boolean;
  readonly notes: string[];
}

/** @param channels of the network's answer */
export function emptyFinishing(channels: number): Finishing {
  return { activation: null, choice: null, channels, oneHot: false, steps: [], inverted: false, notes: [] };
}

/** The transforms that come behind a network, as a manifest says them. */
export const finishing: Handlers<Finishing> = {
  EnsureTyped: holding('data_type', 'device', 'wrap_sequence', 'track_meta'),
  CastToTyped: holding(),
  ToTensord: holding('device', 'wrap_sequence', 'track_meta'),
  ToDeviced: nothing('device', 'non_blocking'),
  /** Storing is Overread's. */
  SaveImaged(transform) {
    for (const field of ['output_dir', 'output_ext', 'output_dtype', 'output_postfix', 'output_name_formatter'])
      transform.ignore(field);
    for (const field of ['resample', 'mode', 'padding_mode', 'scale', 'dtype', 'squeeze_end_dims', 'data_root_dir'])
      transform.ignore(field);
    for (const field of ['separate_folder', 'print_log', 'output_format', 'writer', 'folder_layout', 'channel_dim'])
      transform.ignore(field);
    transform.ignore('meta_keys', 'meta_key_postfix', 'savepath_in_metadict', 'resample_kwargs');
  },

  Activationsd(transform, state) {
    if (state.choice !== null) throw unsupported(transform.where(), 'labels are chosen already');
    transform.perKey('softmax', 'sigmoid', 'other');
    const [softmax, sigmoid] = [transform.boolean('softmax', false), transform.boolean('sigmoid', false)];
    transform.only('other');
    if (state.activation !== null || softmax === sigmoid) {
      throw unsupported(transform.where(), 'one softmax, or one sigmoid, is expected');
    }
    state.activation = softmax ? 'softmax' : 'sigmoid';
  },

  AsDiscreted(transform, state) {
    if (state.choice !== null) throw unsupported(transform.where(), 'labels are chosen a second time');
    transform.perKey('argmax', 'threshold', 'to_onehot', 'rounding');
    const argmax = transform.boolean('argmax', false);
    const threshold = transform.take('threshold');
    const classes = transform.take('to_onehot');
    transform.only('rounding');
    // Channels come first; any other axis to choose along would be one of space.
    transform.only('dim', 0);
    transform.ignore('keepdim', 'dtype');
    if (classes !== null) requireOneHot(transform, classes, { ...state, argmax });
    // Ones and zeros that are held as true and false are the same labels.
    if (argmax && classes === null) keepsLabels(transform);
    if (argmax && threshold === null) state.choice = { kind: 'argmax' };
    else if (!argmax && typeof threshold === 'number') state.choice = { kind: 'threshold', threshold };
    else throw unsupported(transform.where(), 'either argmax or a threshold is expected');
    state.oneHot = argmax ? classes !== null : state.channels > 1;
  },

  Invertd(transform, state) {
    transform.perKey('nearest_interp', 'post_func');
    const nearest = transform.boolean('nearest_interp', true);
    transform.ignore(
      'transform',
      'orig_keys',
      'meta_keys',
      'orig_meta_keys',
      'meta_key_postfix',
      'to_tensor',
      'device',
    );
    transform.only('post_func');
    transform.only('support_applied_lazily', true, false);
    if (state.inverted) throw unsupported(transform.where(), 'it goes back a second time');
    state.inverted = true;
    if (!nearest && state.choice?.kind === 'argmax') {
      state.notes.push(
        'Invertd blends the numbers of labels there, which between two labels makes a third; here they are taken back to the nearest voxel.',
      );
    }
    if (!nearest && state.choice === null) {
      state.notes.push(
        'Invertd takes probabilities back to the grid of the series there, before labels are chosen; here labels are chosen first and taken back ' +
          'to the nearest voxel. Borders differ by up to half a voxel.',
      );
    }
  },

  KeepLargestConnectedComponentd(transform, state) {
    requireLabels(transform, state);
    if (transform.boolean('is_onehot', state.oneHot) !== state.oneHot) {
      const found = state.oneHot ? 'each label has a channel of its own' : 'there is one channel of labels';
      throw unsupported(transform.where('is_onehot'), `${found} at this step`);
    }
    // 26 neighbours is MONAI's default in three dimensions.
    transform.only('connectivity', 3);
    const together = !transform.boolean('independent', true);
    if (together && state.choice?.kind === 'argmax' && [transform.take('applied_labels')].flat().includes(0))
      throw unsupported(transform.where('applied_labels'), 'background together with labels cannot be expressed');
    state.steps.push(
      ...onLabels(transform, state).map((applied) => ({
        kind: 'keepLargest' as const,
        count: transform.number('num_components', 1),
        together,
        ...applied,
      })),
    );
    noteOrder(transform, state);
  },

  FillHolesd(transform, state) {
    requireLabels(transform, state);
    transform.only('connectivity');
    state.steps.push(
      ...onLabels(transform, state, 'neverFirst').map((applied) => ({
        kind: 'fillHoles' as const,
        ...applied,
        across: 'volume' as const,
      })),
    );
    noteOrder(transform, state);
  },
};

/** Says how scores or labels are held, and may not change them. */
function holding(...fields: readonly string[]): (transform: Component, state: Finishing) => void {
  return (transform, { choice }) => {
    if (choice === null) keepsValues(transform);
    // Behind a threshold there are only 0 and 1.
    else if (choice.kind === 'argmax') keepsLabels(transform);
    transform.ignore('dtype', ...fields);
  };
}

function requireLabels(transform: Component, { choice }: Finishing): void {
  if (choice === null) throw unsupported(transform.where(), 'it works on probabilities, before labels are chosen');
}

/** One channel for each label changes how labels are held, not which: it may only follow the choice of the largest. */
function requireOneHot(
  transform: Component,
  classes: ConfigValue,
  { argmax, channels }: { readonly argmax: boolean; readonly channels: number },
): void {
  const where = transform.where('to_onehot');
  if (typeof classes !== 'number' || !Number.isInteger(classes)) {
    throw sourceFault(where, `${JSON.stringify(classes)} is no number of classes`);
  }
  if (!argmax) throw unsupported(where, 'without argmax it expects labels where the network answers with scores');
  if (classes < channels) throw sourceFault(where, `${classes} classes, where the network answers with ${channels}`);
}

/**
 * Labels of the package that a step applies to: nothing to say where that is all of them; no step where it is none. Where each has a channel
 * of its own, MONAI counts channels and takes the first for background, also behind a threshold, where it is a label like the others.
 * @param first whether the first channel is left out even where it is named
 */
function onLabels(
  transform: Component,
  { choice, oneHot, channels }: Finishing,
  first: 'neverFirst' | 'asNamed' = 'asNamed',
): readonly { labels?: number[] }[] {
  const applied = transform.take('applied_labels');
  // Behind a threshold channel 0 is label 1.
  const shift = oneHot && choice?.kind === 'threshold' ? 1 : 0;
  if (applied === null) {
    if (shift === 0) return [{}];
    return [{ labels: Array.from({ length: channels - 1 }, (_, at) => at + 2) }];
  }
  const list = typeof applied === 'number' ? [applied] : applied;
  if (!Array.isArray(list) || !list.every((label) => typeof label === 'number'))
    throw unsupported(transform.where('applied_labels'), 'numbers are expected');
  const named = first === 'neverFirst' ? list.filter((label) => label !== 0) : list;
  const labels = named.map((label) => label + shift).filter((label) => label !== 0);
  return labels.length === 0 ? [] : [{ labels }];
}

function noteOrder(transform: Component, state: Finishing): void {
  if (!state.inverted)
    state.notes.push(`${transform.name} works on the grid of the network there, here on the grid of the series.`);
}
