import { GraphBuilder } from '@overread/core/graph';
import { sha256Hex, type LoadedModel, type ManifestSource } from '@overread/core/model';
import { kindOf, taskModel } from './task-models.ts';

/**
 * Encoder: halves the image along both axes (mean of 2 x 2). Two outputs: the halves, and their sum over the image.
 * Input [1, channels, h, w], of which the mean counts.
 * @param copies how often it has the image in memory at once: small images run anywhere, large ones not on a GPU
 */
function promptEncoder(copies: number, channels: number): Uint8Array {
  const g = new GraphBuilder('encoder');
  const input = g.input('input', 'float32', [1, channels, 'h', 'w']);
  const image = channels === 1 ? input : g.node('ReduceMean', [input], { axes: [1], keepdims: 1 });
  const many = copies === 1 ? image : g.node('Tile', [image, g.ints([1, copies, 1, 1])]);
  const one = copies === 1 ? image : g.node('ReduceMean', [g.node('Relu', [many])], { axes: [1], keepdims: 1 });
  const half = g.node('AveragePool', [one], { kernel_shape: [2, 2], strides: [2, 2] });
  g.output(half, 'float32', [1, 1, 'h2', 'w2'], 'image_embeddings');
  g.output(g.node('ReduceSum', [image], { keepdims: 0 }), 'float32', [], 'image_sum');
  return g.toBytes();
}

/** Radius of the disc that a point stands for, columns of the encoder's input. */
export const discRadius = 6;
/** Embeddings above this are bright. */
const brightness = 0.5;

/**
 * Decoder for embeddings of h2 x w2: bright where a disc round a point inside or the box lies, but for discs round points outside; with a previous
 * mask, what that holds as well. Two masks: the opposite, rated 0.25, and this one, rated 0.75. Its masks have half the size of the input.
 */
function promptDecoder(h2: number, w2: number): Uint8Array {
  const g = new GraphBuilder('decoder');
  const embeddings = g.input('embeddings', 'float32', [1, 1, h2, w2]);
  const points = g.input('point_coords', 'float32', [1, 'n', 2]);
  const labels = g.input('point_labels', 'float32', [1, 'n']);
  const previous = g.input('mask_input', 'float32', [1, 1, h2, w2]);
  const has = g.input('has_mask_input', 'float32', [1]);
  const gain = g.input('gain', 'float32', [1]);
  const plane = (name: string, value: (x: number, y: number) => number) =>
    g.initializer(
      name,
      'float32',
      [1, h2, w2],
      Float32Array.from({ length: h2 * w2 }, (_, v) => value(v % w2, Math.floor(v / w2))),
    );
  // Centres of the halved pixels in columns and rows of the encoder's input.
  const x = plane('x', (column) => 2 * column + 0.5);
  const y = plane('y', (_, row) => 2 * row + 0.5);
  const column = (of: string, n: number) =>
    g.node('Reshape', [g.node('Slice', [of, g.ints([n]), g.ints([n + 1]), g.ints([2])]), g.ints([-1, 1, 1])]);
  const [px, py] = [column(points, 0), column(points, 1)];
  const label = g.node('Reshape', [labels, g.ints([-1, 1, 1])]);
  const isA = (kind: number) => g.node('Cast', [g.node('Equal', [label, g.scalar(kind)])], { to: 1 });
  const number = (test: string) => g.node('Cast', [test], { to: 1 });
  const square = (a: string, b: string) => {
    const difference = g.node('Sub', [a, b]);
    return g.node('Mul', [difference, difference]);
  };
  const disc = number(g.node('Less', [g.node('Add', [square(x, px), square(y, py)]), g.scalar(discRadius ** 2)]));
  const any = (each: string) => g.node('ReduceMax', [each], { axes: [0], keepdims: 1 });
  const where = (kind: number, each: string) => any(g.node('Mul', [isA(kind), each]));
  const both = (a: string, b: string) => g.node('Mul', [number(a), number(b)]);
  const behind = both(g.node('GreaterOrEqual', [x, px]), g.node('GreaterOrEqual', [y, py]));
  const before = both(g.node('LessOrEqual', [x, px]), g.node('LessOrEqual', [y, py]));
  const box = g.node('Mul', [where(2, behind), where(3, before)]);
  const kept = g.node('Mul', [number(g.node('Greater', [previous, g.scalar(0)])), has]);
  const wanted = g.node('Max', [where(1, disc), box, g.node('Reshape', [kept, g.ints([1, h2, w2])])]);
  const left = g.node('Mul', [wanted, g.node('Sub', [g.scalar(1), where(0, disc)])]);
  const bright = number(
    g.node('Greater', [g.node('Reshape', [embeddings, g.ints([1, h2, w2])]), g.scalar(brightness)]),
  );
  const logits = g.node('Mul', [g.node('Sub', [g.node('Mul', [left, bright]), g.scalar(0.5)]), gain]);
  const mask = g.node('Reshape', [logits, g.ints([1, 1, h2, w2])]);
  g.output(g.node('Concat', [g.node('Neg', [mask]), mask], { axis: 1 }), 'float32', [1, 2, h2, w2], 'masks');
  const rated = g.initializer('rated', 'float32', [1, 2], Float32Array.of(0.25, 0.75));
  g.output(g.node('Mul', [rated, g.node('Div', [gain, gain])]), 'float32', [1, 2], 'iou_predictions');
  return g.toBytes();
}

const promptedKind = kindOf('Marked', '52988006');

/** A promptable model for inputs of [h, w]. */
export function promptModel(
  [h, w]: readonly [number, number],
  input: Partial<ManifestSource['input']> = {},
  changes: Partial<NonNullable<ManifestSource['prompts']>> = {},
  copies = 1,
): LoadedModel & { readonly decoder: Uint8Array } {
  const decoder = promptDecoder(h / 2, w / 2);
  const model = taskModel(promptEncoder(copies, input.samples === 'greyAsRgb' ? 3 : 1), {
    input: {
      name: 'input',
      spacing: 'native',
      layout: { kind: '2d' },
      patch: { mode: 'slices', multipleOf: [2, 2] },
      ...input,
    },
    outputs: [],
    prompts: {
      decoder: { path: 'decoder.onnx', sha256: sha256Hex(decoder), bytes: decoder.byteLength },
      embeddings: { image_embeddings: 'embeddings' },
      points: 'point_coords',
      pointLabels: 'point_labels',
      previousMask: { name: 'mask_input', has: 'has_mask_input', size: [h / 2, w / 2] },
      constants: { gain: [8] },
      masks: 'masks',
      quality: 'iou_predictions',
      finding: promptedKind,
      ...changes,
    },
  });
  return { ...model, decoder };
}
