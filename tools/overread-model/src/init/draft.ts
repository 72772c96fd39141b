import { basename } from 'node:path';
import { categories, newUID } from '@overread/core/dicom';
import type { ModelReport, ModelValue } from '@overread/core/graph';
import type { FileClaim, ManifestSource } from '@overread/core/model';
import { colourOf } from '../package/colours.ts';
import { slug } from '../package/slug.ts';
import { todo } from '../check/unwritten.ts';

type Input = ManifestSource['input'];
type Output = ManifestSource['outputs'][number];
type Code = { value: string; scheme: string; meaning: string };

/** Labels, classes and series that are written out: a label map has no more, and what a graph says is not to be trusted. */
const mostDrafted = 255;

/** Extent of an axis that the graph leaves open, in the self-test. */
const testExtent = 32;

/**
 * A manifest that says what the graph tells and marks with TODO what only its author knows. It is valid, and `check` names
 * every mark.
 * @param folder of the package; its name becomes the id
 */
export function draftManifest(folder: string, graph: FileClaim, report: ModelReport): ManifestSource {
  const image = report.inputs[0];
  const shape = image?.shape ?? [1, 1, null, null, null];
  const layered = shape.length === 4;
  const id = slug(basename(folder));
  return {
    manifest: 1,
    id,
    version: '0.1.0',
    title: `${todo}: name on screen`,
    summary: `${todo}: what it does, in a sentence`,
    manufacturer: `${todo}: who makes it`,
    deviceUID: newUID(),
    intendedUse: `${todo}: for whom and for what`,
    limitations: [`${todo}: what a reader must know before trusting a result`],
    regulatoryStatus: 'Research use only',
    licence: `${todo}: licence of the weights`,
    authors: [`${todo}: who made it`],
    applicability: { modalities: [`${todo}: Modality (0008,0060), e.g. CT`] },
    input: draftInput(image?.name ?? 'input', image?.type ?? null, shape),
    outputs: draftOutputs(report.outputs, layered),
    graph: { path: 'graph.onnx', ...graph },
    card: 'card.md',
    selfTest: {
      seed: 1,
      shape: shape.map((extent, axis) =>
        typeof extent === 'number' && extent > 0 ? extent : axis < 2 ? 1 : testExtent,
      ),
      range: [0, 1],
      expected: [],
      tolerance: 1e-3,
    },
  };
}

function draftInput(name: string, type: ModelValue['type'], shape: NonNullable<ModelValue['shape']>): Input {
  const layered = shape.length === 4;
  const count = drafted(shape[1], 1);
  const channels = Array.from({ length: count }, (_, at) => ({
    name: count === 1 ? 'image' : `${todo}: series ${at + 1}`,
  }));
  return {
    name,
    ...(type === 'float16' && { type }),
    ...(layered && { layout: { kind: '2d' } }),
    ...(count > 1 && { channels }),
    orientation: 'native',
    spacing: 'native',
    intensity: [],
    patch: draftPatch(shape, layered),
  };
}

function draftPatch(shape: NonNullable<ModelValue['shape']>, layered: boolean): Input['patch'] {
  const spatial = shape.slice(2).map((extent) => (typeof extent === 'number' && extent > 0 ? extent : null));
  const [first = null, second = null, third = null] = layered ? [1, ...spatial] : spatial;
  if (first !== null && second !== null && third !== null) {
    return { mode: 'slidingWindow', size: [first, second, third], blending: { kind: 'gaussian', overlap: 0.5 } };
  }
  return layered ? { mode: 'slices' } : { mode: 'whole' };
}

/** Labels are numbered on from output to output; an output for which no number is left is left to the author. */
function draftOutputs(values: readonly ModelValue[], layered: boolean): Output[] {
  const outputs: Output[] = [];
  let used = 0;
  for (const value of values) {
    const output = draftOutput(value, layered, used);
    const labels = 'labels' in output ? output.labels.length : null;
    if (labels !== 0) outputs.push(output);
    used += labels ?? 0;
  }
  return outputs;
}

/** @param used label values that outputs before have */
function draftOutput({ name, type, shape }: ModelValue, layered: boolean, used: number): Output {
  const voxels = shape === null || shape.length >= (layered ? 3 : 4);
  const channels = drafted(shape?.[1], 2);
  if (!voxels)
    return { kind: 'classScores', name, classes: Array.from({ length: channels }, (_, at) => draftFinding(at)) };
  if (type !== null && !type.startsWith('float')) return { kind: 'labelMap', name, labels: draftLabels(1, used) };
  if (channels > 1) {
    return { kind: 'maskLogits', name, labels: draftLabels(channels - 1, used) };
  }
  const unit = { value: '1', scheme: 'UCUM', meaning: 'no units' };
  return { kind: 'heatMap', name, quantity: unknownCode('quantity'), unit, displayRange: [0, 1] };
}

function drafted(extent: NonNullable<ModelValue['shape']>[number] | undefined, fallback: number): number {
  return typeof extent === 'number' && extent > 0 ? Math.min(extent, mostDrafted + 1) : fallback;
}

function draftLabels(count: number, used: number) {
  return Array.from({ length: Math.min(count, mostDrafted - used) }, (_, at) => draftLabel(used + at));
}

function draftLabel(at: number) {
  return {
    value: at + 1,
    name: `${todo}: label ${at + 1}`,
    category: { ...categories.anatomicalStructure },
    type: unknownCode(`label ${at + 1}`),
    colour: colourOf(at),
  };
}

function draftFinding(at: number) {
  return {
    label: `${todo}: class ${at + 1}`,
    code: unknownCode(`class ${at + 1}`),
    category: { ...categories.morphologicallyAbnormal },
    site: null,
    colour: colourOf(at),
  };
}

function unknownCode(what: string): Code {
  return { value: todo, scheme: 'SCT', meaning: `${todo}: ${what}` };
}
