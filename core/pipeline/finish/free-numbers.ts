import type { LabelMap } from '../../analysis/index.ts';

/** Numbers from 1 to 255 that no segment of these maps has, lowest first. */
export function freeNumbers(maps: readonly LabelMap[]): readonly number[] {
  const used = new Set(maps.flatMap(({ segments }) => segments.map(({ number }) => number)));
  return Array.from({ length: 255 }, (_, n) => n + 1).filter((number) => !used.has(number));
}
