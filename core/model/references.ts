import { findInputFaults } from './input-faults.ts';
import { findLimitFaults } from './limit-faults.ts';
import type { Manifest } from './manifest/index.ts';
import { findOutputFaults } from './output-faults.ts';

interface Reference {
  readonly field: string;
  readonly name: string | undefined;
}

/**
 * Faults that a schema cannot see: a field that names a mask, label or operating point which the manifest does not
 * define, or defines twice. Each as `field: why`.
 */
export function findReferenceFaults(manifest: Manifest): readonly string[] {
  const masks = manifest.input.masks.map((mask) => mask.id);
  const labels = labelValues(manifest);
  const points = manifest.operatingPoints.map((point) => point.name);
  return [
    ...repeated(masks).map((id) => `input.masks: mask ${quote(id)} is defined more than once`),
    ...repeated(labels).map((value) => `outputs: label ${value} is defined more than once`),
    ...repeated(points).map((name) => `operatingPoints: ${quote(name)} is defined more than once`),
    ...maskReferences(manifest)
      .filter(({ name }) => name !== undefined && !masks.includes(name))
      .map(({ field, name }) => `${field}: no mask named ${quote(name ?? '')} in input.masks`),
    ...bodiesBeforeUse(manifest),
    ...findInputFaults(manifest.input),
    ...findOutputFaults(manifest),
    ...findLimitFaults(manifest),
    ...labelReferences(manifest)
      .filter(({ value }) => !labels.includes(value))
      .map(({ field, value }) => `${field}: no label ${value} in outputs`),
    ...(manifest.defaultOperatingPoint === null || points.includes(manifest.defaultOperatingPoint)
      ? []
      : [`defaultOperatingPoint: no operating point named ${quote(manifest.defaultOperatingPoint)}`]),
  ];
}

function labelValues(manifest: Manifest): readonly number[] {
  return manifest.outputs.flatMap((output) => ('labels' in output ? output.labels.map((label) => label.value) : []));
}

function maskReferences({ input, outputs, finish }: Manifest): readonly Reference[] {
  return [
    { field: 'input.cropTo', name: input.cropTo },
    { field: 'input.patch.onlyWhere', name: input.patch.mode === 'slidingWindow' ? input.patch.onlyWhere : undefined },
    ...input.intensity.map((step, at) => ({ field: `input.intensity[${at}].${fieldOf(step)}`, name: maskOf(step) })),
    ...outputs.flatMap((output, at) =>
      'labels' in output
        ? output.labels.map((label, n) => ({ field: `outputs[${at}].labels[${n}].within`, name: label.within }))
        : [],
    ),
    ...finish.flatMap((step, at) => {
      if (step.kind === 'assignMask') return [{ field: `finish[${at}].mask`, name: step.mask }];
      return step.kind === 'peaks' ? [{ field: `finish[${at}].within`, name: step.within }] : [];
    }),
  ];
}

type IntensityStep = Manifest['input']['intensity'][number];

const fieldOf = (step: IntensityStep): string => ('over' in step ? 'over.mask' : 'mask');

function maskOf(step: IntensityStep): string | undefined {
  if (step.kind === 'fillOutside') return step.mask;
  return 'over' in step && typeof step.over === 'object' ? step.over.mask : undefined;
}

/** A lung field is found inside a body mask, so that mask has to come first. */
function bodiesBeforeUse({ input }: Manifest): readonly string[] {
  return input.masks.flatMap((mask, at) =>
    mask.kind !== 'lungField' || input.masks.slice(0, at).some((earlier) => earlier.id === mask.body)
      ? []
      : [`input.masks[${at}].body: no mask named ${quote(mask.body)} before this one`],
  );
}

function labelReferences({ finish }: Manifest): readonly LabelReference[] {
  return finish.flatMap((step, at) =>
    labelsOfStep(step).map(({ field, value }) => ({ field: `finish[${at}].${field}`, value })),
  );
}

interface LabelReference {
  readonly field: string;
  readonly value: number;
}

function labelsOfStep(step: Manifest['finish'][number]): readonly LabelReference[] {
  switch (step.kind) {
    case 'assignMask':
      return [{ field: 'label', value: step.label }, ...listed('except', step.except)];
    case 'components':
      return [{ field: 'label', value: step.label }];
    case 'keepLargest':
    case 'removeSmall':
    case 'fillHoles':
      return listed('labels', step.labels);
    case 'measureLabels':
      return step.measurements.flatMap((measurement, m) => listed(`measurements[${m}].labels`, measurement.labels));
    case 'peaks':
      return [];
  }
}

function listed(field: string, values: readonly number[] = []): readonly LabelReference[] {
  return values.map((value, n) => ({ field: `${field}[${n}]`, value }));
}

function repeated<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values.filter((value, at) => values.indexOf(value) !== at))];
}

function quote(name: string): string {
  return `'${name}'`;
}
