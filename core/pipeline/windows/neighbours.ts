import type { Manifest } from '../../model/index.ts';

/** Slices before and behind its own that a window of 2.5-D layouts is given; 0 in others. */
export function neighboursOf(layout: Manifest['input']['layout']): number {
  return layout.kind === '2.5d' ? layout.neighbours : 0;
}
