import { gridSpacing } from '@overread/core/geometry';
import type { CatalogueModel, ChannelSeries } from '../analysis/index.ts';
import type { SeriesSummary } from '../host/types.ts';
import { seriesName } from './format.ts';
import { useActions } from './room-context.ts';
import { text } from '../text/index.ts';

/** Which series a model reads as each of its further channels; where several fit, the reader chooses. */
export function ChannelChoice({
  model,
  channels,
}: {
  readonly model: CatalogueModel;
  readonly channels: readonly ChannelSeries[];
}) {
  if (channels.length === 0) return null;
  return (
    <div className="ovr-channels" role="group" aria-label={text('channels.heading')}>
      <p className="ovr-note">{text('channels.heading')}</p>
      {channels.map((one) => (
        <ChannelRow key={one.channel} model={model} of={one} />
      ))}
    </div>
  );
}

function ChannelRow({
  model,
  of: { channel, options, chosen },
}: {
  readonly model: CatalogueModel;
  readonly of: ChannelSeries;
}) {
  const { chooseChannel } = useActions();
  if (chosen !== null && options.length < 2) {
    return (
      <p className="ovr-note">
        <span className="ovr-channel">{channel}</span> {seriesText(chosen)}
      </p>
    );
  }
  return (
    <label className="ovr-note">
      <span className="ovr-channel">{channel}</span>
      <select
        className="ovr-select"
        aria-label={text('channels.choose', { channel, title: model.manifest.title })}
        title={chosen === null ? undefined : seriesText(chosen)}
        value={chosen?.seriesInstanceUID ?? ''}
        onChange={({ target }) => chooseChannel(model, channel, target.value)}
      >
        {chosen === null && (
          <option value="" disabled>
            {text('channels.ask')}
          </option>
        )}
        {options.map((series) => (
          <option key={series.seriesInstanceUID} value={series.seriesInstanceUID}>
            {seriesText(series)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** `S:5 T2 FLAIR · 512 × 512 × 24 · 0.5 × 0.5 × 5 mm`: what tells one series from another. */
function seriesText(series: SeriesSummary): string {
  const name = seriesName(series);
  if (!series.geometry.ok) return name;
  const { grid } = series.geometry.value;
  const spacing = gridSpacing(grid).map((value) => Number(value.toFixed(2)));
  return [name, grid.dims.join(' × '), `${spacing.join(' × ')} mm`].join(' · ');
}
