import type { NodeProto } from '../onnx/types.ts';
import type { GraphEdit } from '../rewrite/edit.ts';

/** Positions to cut off one spatial axis. */
export interface Crop {
  readonly cropHead: number;
  readonly cropTail: number;
}

/** Beyond any extent: Slice cuts it down to the end of the axis. */
const toTheEnd = 2 ** 31 - 1;

/** Cuts the spatial axes (axes 2 and on), the free ones too; no node where nothing is to be cut. */
export function cropNodes(edit: GraphEdit, value: string, crops: readonly Crop[]): readonly NodeProto[] {
  const cut = crops.flatMap(({ cropHead, cropTail }, at) =>
    cropHead + cropTail > 0 ? [{ axis: at + 2, start: cropHead, end: cropTail === 0 ? toTheEnd : -cropTail }] : [],
  );
  if (cut.length === 0) return [];
  const starts = cut.map(({ start }) => start);
  const ends = cut.map(({ end }) => end);
  const axes = cut.map(({ axis }) => axis);
  // Until operator set 9 they were attributes.
  if (edit.opset < 10) return [edit.node('Slice', [value], { starts, ends, axes })];
  const inputs = Object.entries({ starts, ends, axes }).map(([name, list]) => edit.addInts(`${value}/${name}`, list));
  return [edit.node('Slice', [value, ...inputs])];
}
