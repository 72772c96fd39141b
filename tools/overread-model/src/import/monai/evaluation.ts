import { unsupported } from '../fault.ts';
import { Component } from './component.ts';
import type { Config, ConfigValue } from './config.ts';
import { partOf, type Part } from './parts.ts';

/** Fields of an evaluator that say on what it runs, what is measured and what is told of it, not what the network gets or answers. */
const aside = [
  'device',
  'val_data_loader',
  'network',
  'epoch_length',
  'non_blocking',
  'key_val_metric',
  'additional_metrics',
  'metric_cmp_fn',
  'amp',
  'amp_kwargs',
  'to_kwargs',
  'compile',
  'compile_kwargs',
  'event_names',
  'event_to_attr',
] as const;

/** MONAI's own ways to take image and label out of what was loaded. */
const usualBatch = /(?:^|[.])(?:default_prepare_batch|PrepareBatchDefault)\b/;

/** MONAI's handlers that load weights, watch, measure or write down, and leave what the network gets and answers as it is. */
const watching = new Set(
  (
    'CheckpointLoader CheckpointSaver StatsHandler TensorBoardHandler TensorBoardStatsHandler TensorBoardImageHandler ' +
    'MLFlowHandler ClearMLStatsHandler ClearMLImageHandler LogfileHandler MetricLogger MetricsSaver ClassificationSaver ' +
    'ProbMapProducer GarbageCollector ValidationHandler EarlyStopHandler SmartCacheHandler TrtHandler DecollateBatch ' +
    'RangeHandler RangePushHandler RangePopHandler MarkHandler MeanDice MeanIoUHandler HausdorffDistance SurfaceDistance ' +
    'ConfusionMatrix ROCAUC AveragePrecision PanopticQuality MeanSquaredError MeanAbsoluteError RootMeanSquaredError ' +
    'PeakSignalToNoiseRatio ProgressBar'
  ).split(' '),
);

/**
 * Sees that the bundle's evaluator, where it has one, feeds the network what the preprocessing makes, runs it by its inferer and hands what
 * it answers to the postprocessing, and does nothing else to either.
 * @throws OverreadError `model.import-unsupported` naming the field that does
 */
export function checkEvaluation(config: Config): void {
  if (config.has('dataset')) requireSame(config, config.get('dataset'), 'transform', 'preprocessing');
  if (!config.has('evaluator')) return;
  const evaluator = config.get('evaluator');
  if (!(evaluator instanceof Component)) throw unsupported(config.where('evaluator'), 'an evaluator is expected');
  if (evaluator.name !== 'SupervisedEvaluator')
    throw unsupported(evaluator.where(), 'this evaluator may change what the network gets or answers');
  for (const field of ['prepare_batch', 'iteration_update']) requireUsual(evaluator, field);
  for (const field of ['inferer', 'postprocessing'] as const) {
    if (evaluator.written(field) === null && !isUsual(config, field))
      throw unsupported(evaluator.where(field), `it is absent, so the bundle's '${field}' is not used`);
    requireSame(config, evaluator, field, field);
  }
  evaluator.only('mode', 'eval');
  // Transforms behind the network work on one item each, not on a batch of them.
  evaluator.only('decollate', true);
  checkHandlers(evaluator);
  evaluator.ignore(...aside);
  evaluator.finish();
}

/** Whether a part is what an evaluator does that names none. */
function isUsual(config: Config, field: 'inferer' | 'postprocessing'): boolean {
  const part = config.has(field) ? config.get(field) : null;
  return part === null || (part instanceof Component && part.name === 'SimpleInferer');
}

function requireUsual(evaluator: Component, field: string): void {
  const written = evaluator.written(field);
  evaluator.ignore(field);
  if (written === null || (field === 'prepare_batch' && usualBatch.test(written))) return;
  throw unsupported(evaluator.where(field), `'${written.slice(0, 80)}' may change what the network gets or answers`);
}

/** A field that must refer to the part of the bundle that an import reads. */
function requireSame(config: Config, owner: ConfigValue, field: string, part: Part): void {
  if (!(owner instanceof Component)) return;
  owner.ignore(field);
  if (owner.written(field) === null) return;
  const [used, read] = [owner.take(field), config.get(partOf(config, part))];
  if (used instanceof Component && read instanceof Component && used.id === read.id) return;
  throw unsupported(owner.where(field), `it is another one than the bundle's '${part}', which is what is imported`);
}

function checkHandlers(evaluator: Component): void {
  const handlers = evaluator.take('val_handlers', []);
  for (const handler of Array.isArray(handlers) ? (handlers as readonly ConfigValue[]) : [handlers]) {
    if (handler === null || (handler instanceof Component && watching.has(handler.name))) continue;
    if (!(handler instanceof Component)) throw unsupported(evaluator.where('val_handlers'), 'handlers are expected');
    if (!handler.disabled)
      throw unsupported(handler.where(), 'this handler may change what the network gets or answers');
  }
}
