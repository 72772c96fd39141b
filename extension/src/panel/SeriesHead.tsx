import { currentSeries } from '../analysis/index.ts';
import { useRoomState } from './room-context.ts';
import { text } from '../text/index.ts';

/** The series that the panel speaks of. */
export function SeriesHead() {
  const series = useRoomState(currentSeries);
  const study = useRoomState((state) => state.study);
  if (series === null) {
    return <p className="ovr-series ovr-empty">{text(study === null ? 'series.none' : 'series.noImages')}</p>;
  }
  const { modality, imageCount: count, seriesNumber, geometry, description } = series;
  return (
    <div className="ovr-series">
      <strong title={description}>{description === '' ? text('series.unnamed') : description}</strong>
      <span className="ovr-quiet">
        {seriesNumber === null
          ? text('series.lineNoNumber', { modality, count })
          : text('series.line', { number: seriesNumber, modality, count })}
      </span>
      {geometry.ok ? (
        geometry.value.warnings.map((warning) => (
          <p className="ovr-warning" key={warning.code}>
            {warning.message}
          </p>
        ))
      ) : (
        <p className="ovr-warning">{text('series.noVolume', { reason: geometry.reason })}</p>
      )}
    </div>
  );
}
