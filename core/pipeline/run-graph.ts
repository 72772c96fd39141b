import { OverreadError } from '../errors/index.ts';
import { cropGrid, voxelCount, type Grid } from '../geometry/index.ts';
import type { Manifest } from '../model/index.ts';
import type { Volume } from '../volume/index.ts';
import { touchesMask } from './intensity.ts';
import type { Masks } from './masks/index.ts';
import { tileInput } from './prepare.ts';
import type { InferenceSession, Tensor } from './runtime.ts';
import type { Steps } from './steps.ts';
import { stitchLabels, stitchValues } from './stitch.ts';
import { tilesOf, type Tile } from './tiles.ts';

/** What the graph said, on the prepared grid. By name of the output. */
export interface GraphOutputs {
  readonly labels: ReadonlyMap<string, Uint8Array>;
  readonly maps: ReadonlyMap<string, Float32Array>;
}

export interface GraphInputs {
  readonly volume: Volume;
  readonly masks: Masks;
  readonly prepared: Grid;
}

/**
 * Runs the graph over the prepared grid, tile by tile, and stitches its outputs.
 * @throws OverreadError `run.cancelled` between tiles; `pipeline.bad-output`
 */
export async function runGraph(
  manifest: Manifest,
  session: InferenceSession,
  inputs: GraphInputs,
  steps: Steps,
): Promise<GraphOutputs> {
  const { volume, masks, prepared } = inputs;
  const { input } = manifest;
  const target = emptyOutputs(manifest, prepared);
  const onlyWhere = input.patch.mode === 'slidingWindow' ? input.patch.onlyWhere : undefined;
  const tiles = tilesOf(prepared.dims, input.patch).filter(
    (tile) => onlyWhere === undefined || touchesMask(masks, onlyWhere, volume.grid, cropGrid(prepared, tile.core)),
  );
  const spent = { tile: 0, run: 0, stitch: 0 };
  const timed = async <T>(part: keyof typeof spent, work: () => T | Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await work();
    spent[part] += performance.now() - start;
    return result;
  };
  await steps.tell(0, tiles.length);
  for (const [done, tile] of tiles.entries()) {
    const tensor = await timed('tile', () => tileInput(volume, input, masks, prepared, tile.input));
    const outputs = await timed('run', () => session.run({ [input.name]: tensor }));
    await timed('stitch', () => stitch(manifest, outputs, tile, target, prepared));
    await steps.tell(done + 1, tiles.length);
  }
  for (const part of ['tile', 'run', 'stitch'] as const) steps.record(part, spent[part]);
  return target;
}

function emptyOutputs({ outputs }: Manifest, prepared: Grid): GraphOutputs {
  const count = voxelCount(prepared);
  const named = (kind: 'maskLogits' | 'heatMap') =>
    outputs.filter((output) => output.kind === kind).map(({ name }) => name);
  return {
    labels: new Map(named('maskLogits').map((name) => [name, new Uint8Array(count)])),
    maps: new Map(named('heatMap').map((name) => [name, new Float32Array(count)])),
  };
}

function stitch(
  manifest: Manifest,
  outputs: Readonly<Record<string, Tensor>>,
  tile: Tile,
  target: GraphOutputs,
  prepared: Grid,
): void {
  for (const output of manifest.outputs) {
    const tensor = outputs[output.name];
    if (tensor === undefined) throw missing(output.name);
    const labels = target.labels.get(output.name);
    const values = target.maps.get(output.name);
    if (output.kind === 'maskLogits' && labels !== undefined) {
      const channels = output.labels.map((label) => label.value);
      stitchLabels(tensor, tile, channels, labels, prepared.dims);
    }
    if (output.kind === 'heatMap' && values !== undefined) stitchValues(tensor, tile, values, prepared.dims);
  }
}

function missing(name: string): OverreadError {
  return new OverreadError('pipeline.bad-output', {
    why: `the graph has no output named '${name}'`,
    details: { name },
  });
}
