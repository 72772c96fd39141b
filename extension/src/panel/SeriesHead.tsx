import { currentSeries } from '../analysis/index.ts';
import type { SeriesSummary } from '../host/types.ts';
import { useRoomState } from './room-context.ts';
import { text } from '../text/index.ts';

/** The series that the panel speaks of. */
export function SeriesHead() {
  const series = useRoomState(currentSeries);
  const study = useRoomState((state) => state.study);
  if (series === null) {
    return <p className="ovr-series ovr-empty">{text(study === null ? 'series.none' : 'series.noImages')}</p>;
  }
  return (
    <div className="ovr-series">
      <StudyLine />
      <SeriesFacts series={series} />
    </div>
  );
}

/** Which study it is of, where it is not the one that was opened: a prior must not be taken for the study to be read. */
function StudyLine() {
  const study = useRoomState((state) => state.studySummary);
  if (study === null || study.relation === 'opened') return null;
  const facts = [text(`study.${study.relation}`), study.date, study.description];
  return (
    <p className="ovr-study" role="status">
      {facts.filter((fact) => fact !== null && fact !== '').join(' · ')}
    </p>
  );
}

function SeriesFacts({ series }: { readonly series: SeriesSummary }) {
  const { modality, imageCount: count, seriesNumber, geometry, description } = series;
  return (
    <>
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
    </>
  );
}
