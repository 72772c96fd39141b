import type { LabelledOutput } from '../device-labels.ts';
import type { BlendSettings } from '../windows/blend-settings.ts';
import type { Window } from '../windows/window.ts';
import { Blend, rowStart } from './blend.ts';
import { chooserOf } from './choose.ts';
import type { Collector, GraphAnswer } from './collector.ts';
import { floatView } from './output-view.ts';
import { forCoreRows } from './core-rows.ts';

export interface LabelsResult {
  /** Labels on the prepared grid; 0 where no window was run. */
  result(): Uint8Array;
}

/** Turns an output into labels, with no more of it in memory than a window, or a slab of sums as thick as one. */
export function labelCollector(output: LabelledOutput): Collector & LabelsResult {
  return output.blend === null ? windowLabels(output) : blendedLabels(output, output.blend);
}

/** Labels of windows whose cores cover the grid once: chosen window by window, so that only one window's logits are in memory. */
function windowLabels({ name, choice, layered, dims }: LabelledOutput): Collector & LabelsResult {
  const chooser = chooserOf(choice);
  const labels = new Uint8Array(dims[0] * dims[1] * dims[2]);
  const expected = { name, channels: chooser.channels, layered };
  return {
    add(answer: GraphAnswer, window: Window) {
      const view = floatView(answer, expected, window);
      forCoreRows(view, window, dims, (from, to, length) =>
        chooser.choose(view.data, from, view.channel, labels, to, length),
      );
    },
    result: () => labels,
  };
}

/** Labels of windows that are blended: chosen slice by slice, as soon as no later window touches a slice. */
function blendedLabels({ name, choice, layered }: LabelledOutput, how: BlendSettings): Collector & LabelsResult {
  const { dims, axis } = how;
  const { channels, againstFirst, chooseFromSums } = chooserOf(choice);
  const labels = new Uint8Array(dims[0] * dims[1] * dims[2]);
  const [ni] = dims;
  const plane = ni * dims[3 - axis]!;
  // Which channel is highest does not change when one of them is taken off all: one sum less to carry.
  const blend = new Blend({ ...how, channels, againstFirst }, (slice) => {
    for (let r = 0; r * ni < plane; r++) {
      chooseFromSums(slice, r * ni, plane, labels, rowStart(dims, axis, slice.at, r), ni);
    }
  });
  return {
    add: (answer, window) => blend.add(floatView(answer, { name, channels, layered }, window), window),
    result() {
      blend.end();
      return labels;
    },
  };
}
