import type { HeatMap } from '../../analysis/index.ts';
import type { Grid } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import type { GraphOutputs } from '../collect/index.ts';
import { mapAlongSource } from '../invert.ts';

/** The heat maps of all outputs along the axes of the series, by name of the output. */
export function heatMapsOf(
  { outputs }: Pick<Manifest, 'outputs'>,
  { maps, prepared, source }: { maps: GraphOutputs['maps']; prepared: Grid; source: Grid },
): ReadonlyMap<string, HeatMap> {
  const made = outputs.flatMap((output) => {
    const values = maps.get(output.name);
    if (output.kind !== 'heatMap' || values === undefined) return [];
    const { name, quantity, unit, displayRange, label = quantity.meaning } = output;
    const placed = mapAlongSource(values, prepared, source, displayRange[0]);
    return [[name, { label, ...placed, quantity, unit, displayRange }] as const];
  });
  return new Map(made);
}
