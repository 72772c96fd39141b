import { currentRecord, currentSeries, othersOfSeries } from '../analysis/index.ts';
import { Disclosure } from './Disclosure.tsx';
import { OtherMaskRow } from './OtherMaskRow.tsx';
import { OtherReportRow } from './OtherReportRow.tsx';
import { useRoomState } from './room-context.ts';
import { text } from '../text/index.ts';

/** What other software stored about the series: folded away, read only, with what of it was not understood. */
export function OtherResults() {
  const record = useRoomState(currentRecord);
  const series = useRoomState(currentSeries);
  if (series === null) return null;
  const { reports, masks, problems } = othersOfSeries(record, series.seriesInstanceUID);
  const count = reports.length + masks.length;
  if (count === 0 && problems.length === 0) return null;
  return (
    <section className="ovr-section ovr-others" aria-label={text('others.heading')}>
      <Disclosure title={`${text('others.heading')} (${count})`}>
        <p className="ovr-note">{text('others.note')}</p>
        {reports.map((entry) => (
          <OtherReportRow key={entry.report.document.sopInstanceUID} entry={entry} series={series} />
        ))}
        {masks.map((mask) => (
          <OtherMaskRow key={mask.listed.sopInstanceUID} mask={mask} />
        ))}
        {problems.length > 0 && (
          <Disclosure title={text('others.notUnderstood', { count: problems.length })}>
            {problems.map((problem) => (
              <p className="ovr-note" key={problem}>
                {problem}
              </p>
            ))}
          </Disclosure>
        )}
      </Disclosure>
    </section>
  );
}
