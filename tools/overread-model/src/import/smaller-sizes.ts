import { readModel, smallerWindows } from '@overread/core/graph';
import type { ManifestSource } from '@overread/core/model';
import type { SourceGraph } from './source-graph.ts';

type Input = ManifestSource['input'];

/** An input with the smaller windows that its graph takes too, for machines whose memory is short. */
export function withSmallerWindows(input: Input, { bytes, output }: SourceGraph, channels: number): Input {
  const { patch, layout } = input;
  if (patch.mode !== 'slidingWindow' || (layout !== undefined && layout.kind !== '3d')) return input;
  const request = { input: input.name, channels, size: patch.size, outputs: [output.name] };
  const smaller = smallerWindows(readModel(bytes), request).map(([d, h, w]): [number, number, number] => [d, h, w]);
  return smaller.length === 0 ? input : { ...input, patch: { ...patch, smaller } };
}

/** A sentence for the card, where there are any. */
export function notesOnSmaller({ patch }: Input): readonly string[] {
  if (patch.mode !== 'slidingWindow' || patch.smaller === undefined || patch.smaller.length === 0) return [];
  const sizes = patch.smaller.map((size) => size.join(' x ')).join(' or ');
  return [
    `Where memory is short, windows of ${sizes} voxels are run in place of ${patch.size.join(' x ')}, and the result says so. They are not the ` +
      'same answer; drop them from input.patch.smaller where that is not wanted.',
  ];
}
