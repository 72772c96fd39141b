import type { ManifestSource } from '@overread/core/model';
import { sourceFault, unsupported } from '../fault.ts';
import { plansFile, type Configuration, type Intensities, type Plans } from './plans.ts';

type Step = NonNullable<ManifestSource['input']['intensity']>[number];

/** The least deviation that nnU-Net divides by. */
const leastDeviation = 1e-8;

/** Intensity steps of a configuration. @throws OverreadError naming a scheme that cannot be expressed */
export function normalizationOf(plans: Plans, configuration: Configuration): Step[] {
  const { name, schemes, masked } = configuration;
  const where = `${plansFile} configurations.${name}.normalization_schemes`;
  const [scheme, ...others] = schemes;
  if (scheme === undefined || others.some((other) => other !== scheme)) {
    throw unsupported(where, `one scheme for all channels is expected, not ${schemes.join(', ')}`);
  }
  if (masked.some((each) => each !== masked[0])) {
    throw unsupported(
      `${plansFile} configurations.${name}.use_mask_for_norm`,
      'one value for all channels is expected',
    );
  }
  switch (scheme) {
    case 'CTNormalization':
      return ofCt(plans, schemes.length);
    case 'ZScoreNormalization':
      return [{ kind: 'zScore', over: masked[0] === true ? 'nonzero' : 'all' }];
    case 'RescaleTo01Normalization':
      return [{ kind: 'minMax' }];
    case 'NoNormalization':
      return [];
    default:
      throw unsupported(where, `'${scheme}' cannot be expressed`);
  }
}

function ofCt(plans: Plans, channels: number): Step[] {
  const properties = Array.from({ length: channels }, (_, at) => intensitiesOf(plans, at));
  const [first] = properties;
  if (first === undefined) return [];
  const [min, max] = [first.percentile_00_5, first.percentile_99_5];
  if (properties.some((each) => each.percentile_00_5 !== min || each.percentile_99_5 !== max)) {
    throw unsupported(
      `${plansFile} foreground_intensity_properties_per_channel`,
      'every channel is clipped to a range of its own',
    );
  }
  const [means, deviations] = [
    properties.map(({ mean }) => mean),
    properties.map(({ std }) => Math.max(std, leastDeviation)),
  ];
  return [
    { kind: 'clip', min, max },
    channels === 1
      ? { kind: 'normalize', mean: means[0]!, deviation: deviations[0]! }
      : { kind: 'normalize', mean: means, deviation: deviations },
  ];
}

function intensitiesOf(plans: Plans, channel: number): Intensities {
  const all = plans.foreground_intensity_properties_per_channel ?? plans.foreground_intensity_properties_by_modality;
  const found = all?.[String(channel)];
  if (found !== undefined) return found;
  throw sourceFault(
    `${plansFile} foreground_intensity_properties_per_channel`,
    `there is nothing for channel ${channel}`,
  );
}
