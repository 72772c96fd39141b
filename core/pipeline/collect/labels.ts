import type { Vec3 } from '../../geometry/index.ts';
import type { LabelledOutput } from '../device-labels.ts';
import type { BlendSettings } from '../windows/blend-settings.ts';
import type { Window } from '../windows/window.ts';
import { Blend, rowStart } from './blend.ts';
import { chooserOf, type Chooser } from './choose.ts';
import type { Collector, GraphAnswer } from './collector.ts';
import { floatView } from './output-view.ts';
import { forCoreRows } from './core-rows.ts';

export interface LabelsResult {
  /** Planes on the prepared grid (see `Choice`); 0 where no window was run. */
  result(): readonly Uint8Array[];
}

const planesOf = ({ planes }: Chooser, [ni, nj, nk]: Vec3): readonly Uint8Array[] =>
  Array.from({ length: planes }, () => new Uint8Array(ni * nj * nk));

/** Turns an output into labels, with no more of it in memory than a window, or a slab of sums as thick as one. */
export function labelCollector(output: LabelledOutput): Collector & LabelsResult {
  return output.blend === null ? windowLabels(output) : blendedLabels(output, output.blend);
}

/** Labels of windows whose cores cover the grid once: chosen window by window, so that only one window's logits are in memory. */
function windowLabels({ name, choice, layered, dims }: LabelledOutput): Collector & LabelsResult {
  const chooser = chooserOf(choice);
  const planes = planesOf(chooser, dims);
  const expected = { name, channels: chooser.channels, layered };
  return {
    add(answer: GraphAnswer, window: Window) {
      const view = floatView(answer, expected, window);
      forCoreRows(view, window, dims, (from, to, length) =>
        chooser.choose(view.data, from, view.channel, planes, to, length),
      );
    },
    result: () => planes,
  };
}

/** Labels of windows that are blended: chosen slice by slice, as soon as no later window touches a slice. */
function blendedLabels({ name, choice, layered }: LabelledOutput, how: BlendSettings): Collector & LabelsResult {
  const { dims, axis } = how;
  const chooser = chooserOf(choice);
  const { channels, againstFirst, chooseFromSums } = chooser;
  const planes = planesOf(chooser, dims);
  const [ni] = dims;
  const plane = ni * dims[3 - axis]!;
  // Which channel is highest does not change when one of them is taken off all: one sum less to carry.
  const blend = new Blend({ ...how, channels, againstFirst }, (slice) => {
    for (let r = 0; r * ni < plane; r++) {
      chooseFromSums(slice, r * ni, plane, planes, rowStart(dims, axis, slice.at, r), ni);
    }
  });
  return {
    add: (answer, window) => blend.add(floatView(answer, { name, channels, layered }, window), window),
    result() {
      blend.end();
      return planes;
    },
  };
}
