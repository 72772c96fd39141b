import type { NodeProto } from '../onnx/types.ts';
import type { GraphEdit } from '../rewrite/edit.ts';

/** Positions to cut off one spatial axis. */
export interface Crop {
  readonly cropHead: number;
  readonly cropTail: number;
}

/** Beyond any extent: Slice cuts it down to the end of the axis. */
const toTheEnd = 2 ** 31 - 1;

/** A part of an axis; `end` is the first position behind it, negative ones count from the end of the axis. */
interface Range {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
}

/** Slice, as the operator set of the graph wants its ranges. */
export function sliceNode(edit: GraphEdit, value: string, ranges: readonly Range[]): NodeProto {
  const lists = {
    starts: ranges.map(({ start }) => start),
    ends: ranges.map(({ end }) => end),
    axes: ranges.map(({ axis }) => axis),
  };
  // Until operator set 9 they were attributes.
  if (edit.opset < 10) return edit.node('Slice', [value], lists);
  return edit.node('Slice', [
    value,
    ...Object.entries(lists).map(([name, list]) => edit.addInts(`${value}/${name}`, list)),
  ]);
}

/** Cuts the spatial axes (axes 2 and on), the free ones too; no node where nothing is to be cut. */
export function cropNodes(edit: GraphEdit, value: string, crops: readonly Crop[]): readonly NodeProto[] {
  const cut = crops.flatMap(({ cropHead, cropTail }, at) =>
    cropHead + cropTail > 0 ? [{ axis: at + 2, start: cropHead, end: cropTail === 0 ? toTheEnd : -cropTail }] : [],
  );
  return cut.length === 0 ? [] : [sliceNode(edit, value, cut)];
}
