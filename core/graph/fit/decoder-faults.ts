import type { Manifest } from '../../model/index.ts';
import { inspectModel } from '../inspect/inspect-model.ts';
import type { ModelProto } from '../onnx/types.ts';
import { listed } from './texts.ts';

/** Where the decoder of a promptable model does not fit the manifest: inputs and outputs by name. Each as `field: why`. */
export function decoderFaults(prompts: NonNullable<Manifest['prompts']>, decoder: ModelProto): readonly string[] {
  const { inputs, outputs } = inspectModel(decoder);
  const { embeddings, points, pointLabels, previousMask, constants, masks, quality } = prompts;
  const fed: readonly (readonly [field: string, name: string])[] = [
    ...Object.values(embeddings).map((name) => ['prompts.embeddings', name] as const),
    ['prompts.points', points],
    ['prompts.pointLabels', pointLabels],
    ...(previousMask === undefined
      ? []
      : ([
          ['prompts.previousMask.name', previousMask.name],
          ['prompts.previousMask.has', previousMask.has],
        ] as const)),
    ...Object.keys(constants).map((name) => ['prompts.constants', name] as const),
  ];
  const read = [
    ['prompts.masks', masks] as const,
    ...(quality === undefined ? [] : [['prompts.quality', quality] as const]),
  ];
  const missing = (
    wanted: readonly (readonly [string, string])[],
    there: readonly { name: string }[],
    what: string,
  ): readonly string[] =>
    wanted
      .filter(([, name]) => !there.some((value) => value.name === name))
      .map(([field, name]) => `${field}: the decoder has no ${what} '${name}'`);
  const fedNames = new Set(fed.map(([, name]) => name));
  const others = inputs.filter(({ name }) => !fedNames.has(name));
  const unfed = others.length === 0 ? [] : [`prompts: the decoder also wants ${listed(others)}, which nothing feeds`];
  return [...missing(fed, inputs, 'input'), ...missing(read, outputs, 'output'), ...unfed];
}
