import type { Finding, LabelMap, Segment } from '../../analysis/index.ts';
import { newUID } from '../../dicom/index.ts';
import { voxelVolume } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import type { Volume } from '../../volume/index.ts';
import { componentsOf, labelBoxes, runsOf, type VoxelRun } from './label-boxes.ts';
import { regionFinding } from './region-finding.ts';

type ComponentsStep = Extract<Manifest['finish'][number], { kind: 'components' }>;

/**
 * One finding per connected component (26 neighbours) of a label, largest first. Each gets a segment of its own, as long as there are numbers
 * free, so that it can be reviewed and stored on its own; what is too small for a finding keeps the label.
 * @param free numbers that no segment of the result has
 */
export function componentFindings(
  labelMap: LabelMap,
  step: ComponentsStep,
  volume: Volume,
  free: readonly number[],
): { readonly findings: readonly Finding[]; readonly labelMap: LabelMap } {
  const { labels, grid } = labelMap;
  const found = componentsOf(labels, grid.dims, [step.label], labelBoxes(labels, grid.dims));
  if (found === null) return { findings: [], labelMap };
  const { sizes, count } = found.components;
  const fewest = (step.minVolume * 1000) / voxelVolume(grid);
  const chosen = Array.from({ length: count }, (_, n) => n + 1)
    .filter((component) => sizes[component]! >= fewest)
    .sort((a, b) => sizes[b]! - sizes[a]! || a - b)
    .slice(0, step.maxFindings);
  const runs = new Map<number, VoxelRun[]>(chosen.map((component) => [component, []]));
  for (const run of runsOf(found, grid.dims, (component) => runs.has(component))) runs.get(run.component)!.push(run);

  const segments: Segment[] = [];
  const findings = chosen.map((component, n) => {
    const { label, category, code, colour } = step.finding;
    const identity = { trackingIdentifier: `${label} ${n + 1}`, trackingUID: newUID() };
    const number = free[n];
    if (number !== undefined) {
      segments.push({ number, label: identity.trackingIdentifier, category, type: code, colour, ...identity });
      for (const { at, length } of runs.get(component)!) labels.fill(number, at, at + length);
    }
    return regionFinding(
      runs.get(component)!,
      { ...identity, kind: step.finding, segmentNumber: number ?? step.label },
      volume,
    );
  });
  const shared = segments.length < count;
  const others = labelMap.segments.filter(({ number }) => shared || number !== step.label);
  return { findings, labelMap: { ...labelMap, segments: [...others, ...segments] } };
}
