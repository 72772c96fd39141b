import type { ManifestSource } from '@overread/core/model';
import { stepsOfChannels } from '../channel-steps.ts';
import { sourceFault, unsupported } from '../fault.ts';
import { plansFile, type Configuration, type Intensities, type Plans } from './plans.ts';

type Step = NonNullable<ManifestSource['input']['intensity']>[number];

/** The least deviation that nnU-Net divides by. */
const leastDeviation = 1e-8;

/**
 * Intensity steps of a configuration, each channel's by its own scheme.
 * @param names of the channels
 * @throws OverreadError naming a scheme that cannot be expressed
 */
export function normalizationOf(
  plans: Plans,
  { name, schemes, masked }: Configuration,
  names: readonly string[],
): Step[] {
  const where = `${plansFile} configurations.${name}.normalization_schemes`;
  return stepsOfChannels(
    names,
    schemes.map((scheme, channel) => {
      switch (scheme) {
        case 'CTNormalization':
          return ofCt(intensitiesOf(plans, channel));
        case 'ZScoreNormalization':
          return [{ kind: 'zScore', over: masked[channel] === true ? 'nonzero' : 'all' }];
        case 'RescaleTo01Normalization':
          return [{ kind: 'minMax' }];
        case 'NoNormalization':
          return [];
        default:
          throw unsupported(where, `'${scheme}' cannot be expressed`);
      }
    }),
  );
}

function ofCt({ percentile_00_5: min, percentile_99_5: max, mean, std }: Intensities): Step[] {
  return [
    { kind: 'clip', min, max },
    { kind: 'normalize', mean, deviation: Math.max(std, leastDeviation) },
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
