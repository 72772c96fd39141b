import type { ManifestSource } from '@overread/core/model';
import { sourceFault, unsupported } from '../fault.ts';
import { Component } from './component.ts';
import type { Config } from './config.ts';
import { partOf } from './parts.ts';

type Patch = ManifestSource['input']['patch'];

/** Fields that say where and how much at once, not what is computed. */
const ofPlace = [
  'sw_batch_size',
  'sw_device',
  'device',
  'progress',
  'cache_roi_weight_map',
  'cpu_thresh',
  'buffer_steps',
  'buffer_dim',
];

/** How the graph is run. */
export interface Run {
  readonly patch: Patch;
  /** The axis along which a network of two dimensions goes slice by slice; null for one of three. */
  readonly across: 0 | 1 | 2 | null;
}

/**
 * How the graph is run.
 * @param multipleOf what the network takes as a multiple, where it is given the whole volume
 * @param notes gets what differs from MONAI
 */
export function runOf(config: Config, multipleOf: () => [number, number, number], notes: string[]): Run {
  const id = partOf(config, 'inferer');
  const inferer = config.get(id);
  if (!(inferer instanceof Component)) throw sourceFault(config.where(id), 'an inferer is expected');
  switch (inferer.name) {
    case 'SimpleInferer':
      inferer.finish();
      return { patch: { mode: 'whole', multipleOf: multipleOf() }, across: null };
    case 'SlidingWindowInferer':
      return { patch: slidingWindow(inferer, sizeOf(inferer, 3), notes), across: null };
    case 'SliceInferer': {
      const across = inferer.take('spatial_dim', 0);
      if (across !== 0 && across !== 1 && across !== 2)
        throw sourceFault(inferer.where('spatial_dim'), '0, 1 or 2 is expected');
      return { patch: slidingWindow(inferer, [1, ...sizeOf(inferer, 2)], notes), across };
    }
    default:
      throw unsupported(inferer.where(), 'this inferer cannot be expressed');
  }
}

function sizeOf(inferer: Component, count: number): readonly number[] {
  return inferer.numbers('roi_size', count).map((each) => {
    if (each === null || each <= 0) throw unsupported(inferer.where('roi_size'), 'a window of fixed size is expected');
    return each;
  });
}

function slidingWindow(inferer: Component, size: readonly number[], notes: string[]): Patch {
  const overlap = sameOverlap(inferer);
  const mode = inferer.text('mode', 'constant');
  const sigma = inferer.number('sigma_scale', 0.125);
  if (mode !== 'constant' && mode !== 'gaussian')
    throw sourceFault(inferer.where('mode'), 'constant or gaussian is expected');
  const padding = inferer.text('padding_mode', 'constant');
  if (padding !== 'constant') {
    notes.push(
      `A series smaller than the window is padded by "${padding}" there, with 0 here; larger ones are not padded.`,
    );
  }
  inferer.only('cval', 0);
  inferer.only('with_coord', false);
  inferer.ignore(...ofPlace);
  inferer.finish();
  const blending =
    mode === 'gaussian'
      ? ({ kind: 'gaussian', overlap, sigma, convention: 'monai' } as const)
      : ({ kind: 'constant', overlap, convention: 'monai' } as const);
  return { mode: 'slidingWindow', size: [...size] as [number, number, number], blending };
}

function sameOverlap(inferer: Component): number {
  const overlap = inferer.take('overlap', 0.25);
  const list = Array.isArray(overlap) ? (overlap as readonly unknown[]) : [overlap];
  const [first] = list;
  if (typeof first === 'number' && list.every((each) => each === first)) return first;
  throw unsupported(inferer.where('overlap'), 'one overlap for all axes is expected');
}
