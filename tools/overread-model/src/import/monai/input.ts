import type { ManifestSource } from '@overread/core/model';
import { unsupported } from '../fault.ts';
import { seriesNamed } from '../series-named.ts';
import type { Run } from './inferer.ts';
import type { Preparation } from './preparation.ts';

/** What a manifest's input is made of besides what the transforms come to. */
interface InputParts {
  readonly name: string;
  readonly run: Run;
  readonly modality: string;
  readonly orientation: string | undefined;
  /** The preprocessing, as an error names it. */
  readonly where: string;
}

/** The manifest's input. @throws OverreadError `model.import-unsupported` where nothing tells how the axes run */
export function inputOf(prepared: Preparation, parts: InputParts): ManifestSource['input'] {
  const { name, run, modality } = parts;
  const inOrder = sliceFirst(run.across);
  const orientation = prepared.orientation ?? parts.orientation;
  if (orientation === undefined) {
    throw unsupported(
      parts.where,
      'it has no Orientationd, so the axes are those of its files: say which by --orientation, e.g. RAS',
    );
  }
  const { names, samples, spacing, crop, interpolation, intensity } = prepared;
  return {
    name,
    ...(names.length > 1 && { channels: names.map((channel) => seriesNamed(channel, modality)) }),
    ...(samples !== 'grey' && { samples }),
    ...(run.across !== null && { layout: { kind: '2d' } }),
    orientation: inOrder(Array.from(orientation) as Triple<string>).join(''),
    spacing: spacing === null ? 'native' : inOrder(spacing),
    ...(spacing !== null && { respacing: 'centres', interpolation }),
    ...(crop !== null && {
      masks: [{ kind: 'threshold', id: 'foreground', above: crop.above }],
      cropTo: 'foreground',
      cropMargin: inOrder(crop.margin),
      ...(crop.within ? { cropWithin: true } : { outside: 0 }),
    }),
    intensity,
    patch: run.patch,
  };
}

type Triple<T> = [T, T, T];

/** Puts the axis along which slices are run before the others, where there is one: windows and tensors have it first. */
function sliceFirst(across: Run['across']): <T>(axes: Triple<T>) => Triple<T> {
  return (axes) => (across === null ? axes : ([axes[across], ...axes.toSpliced(across, 1)] as typeof axes));
}
