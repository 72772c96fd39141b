import type { Manifest } from './manifest/index.ts';

type Described = Pick<Manifest, 'input' | 'outputs' | 'prompts' | 'graph' | 'selfTest'>;
type Boxes = Extract<Manifest['outputs'][number], { kind: 'boxes' }>;

/** Faults of outputs and prompts that a schema cannot see: what contradicts the input's layout, or itself. Each as `field: why`. */
export function findOutputFaults({ input, outputs, prompts, graph, selfTest }: Described): readonly string[] {
  const layered = input.layout.kind !== '3d';
  const names = outputs.map(({ name }) => name);
  const twice = new Set(names.filter((name, at) => names.indexOf(name) < at));
  return [
    ...[...twice].map((name) => `outputs: '${name}' is named more than once`),
    ...outputs.flatMap((output, at) => {
      switch (output.kind) {
        case 'boxes':
          return boxFaults(output, layered ? 2 : 3).map((why) => `outputs[${at}].${why}`);
        case 'heatMap':
          return output.displayRange[0] < output.displayRange[1]
            ? []
            : [`outputs[${at}].displayRange: its first number is not below its second`];
        case 'classScores':
        case 'maskLogits':
        case 'labelMap':
        case 'regression':
          return [];
      }
    }),
    ...promptFaults(prompts, input, graph.path),
    ...(prompts === undefined && selfTest.decoder !== undefined
      ? ['selfTest.decoder: the model takes no prompts']
      : []),
  ];
}

/** Orders of boxes in the plane; the others are of boxes in space. */
const flatOrders: ReadonlySet<string> = new Set(['xyxy', 'yxyx', 'cxcywh', 'cycxhw']);

function boxFaults({ encoding }: Boxes, axes: 2 | 3): readonly string[] {
  if (encoding.kind === 'boxes') {
    const found = flatOrders.has(encoding.order) ? 2 : 3;
    return found === axes
      ? []
      : [`encoding.order: '${encoding.order}' has ${2 * found} numbers, and boxes of this layout ${2 * axes}`];
  }
  const ofAxes = (field: string, numbers: readonly number[], count: number) =>
    numbers.length === count ? [] : [`encoding.${field}: ${count} numbers are expected, not ${numbers.length}`];
  return [
    ...encoding.levels.flatMap(({ stride, sizes }, level) => [
      ...ofAxes(`levels[${level}].stride`, stride, axes),
      ...sizes.flatMap((size, n) => ofAxes(`levels[${level}].sizes[${n}]`, size, axes)),
    ]),
    ...(encoding.weights.length === 0 ? [] : ofAxes('weights', encoding.weights, 2 * axes)),
  ];
}

function promptFaults(
  prompts: Described['prompts'],
  { layout, patch, channels }: Described['input'],
  graph: string,
): readonly string[] {
  if (prompts === undefined) return [];
  return [
    ...(layout.kind === '3d' ? ['prompts: are marks in a slice, and input.layout is 3d'] : []),
    ...(patch.mode === 'slidingWindow' ? ['prompts: need whole slices, and input.patch is a sliding window'] : []),
    ...(channels.length > 1 ? ['prompts: are set in one series, and input.channels names several'] : []),
    ...(prompts.decoder.path === graph ? ['prompts.decoder.path: is the encoder’s graph'] : []),
    ...(Object.keys(prompts.embeddings).length === 0
      ? ['prompts.embeddings: nothing goes from encoder to decoder']
      : []),
  ];
}
