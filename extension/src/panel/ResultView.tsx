import type { Analysis } from '@overread/core/analysis';
import { isMarked, type Result } from '../analysis/index.ts';
import { isLesion } from '../overlay/index.ts';
import { Disclosure } from './Disclosure.tsx';
import { FindingList } from './FindingList.tsx';
import { seriesName } from './format.ts';
import { Layers } from './Layers.tsx';
import { text } from '../text/index.ts';
import { useRoomState } from './room-context.ts';
import { TissueTable } from './TissueTable.tsx';

/** One result: where it comes from, what it says, and what the reader thinks of it. */
export function ResultView({ result }: { readonly result: Result }) {
  const { analysis } = result;
  return (
    <>
      <Origin analysis={analysis} />
      <Warnings analysis={analysis} />
      {analysis.outcome === 'failed' ? (
        <div className="ovr-problem" role="alert">
          <strong>{text('result.failed')}</strong>
          <p>{text('result.failedHint')}</p>
        </div>
      ) : (
        <>
          <Layers result={result} />
          <Statement analysis={analysis} />
        </>
      )}
    </>
  );
}

/** What the model says: measures by tissue, findings one by one, or that it finds nothing. */
function Statement({ analysis }: { readonly analysis: Analysis }) {
  const tissues = analysis.findings.filter((finding) => !isLesion(finding));
  const lesions = analysis.findings.filter(isLesion);
  if (analysis.findings.length === 0) {
    const { title, version } = analysis.model;
    return (
      <div role="status">
        <p className="ovr-title">{text('result.noFindings')}</p>
        <p className="ovr-note">{text('result.noFindingsHint', { title, version })}</p>
      </div>
    );
  }
  return (
    <>
      {tissues.length > 0 && <TissueTable findings={tissues} analysis={analysis} />}
      {lesions.length > 0 && <FindingList findings={lesions} analysis={analysis} />}
    </>
  );
}

function Origin({ analysis }: { readonly analysis: Analysis }) {
  return (
    <div className="ovr-note">
      <p>{placeText(analysis)}</p>
      <OtherChannels analysis={analysis} />
      {analysis.place.skipped.map((skipped) => (
        <p key={`${skipped.runtime} ${skipped.reason}`}>{skippedText(analysis, skipped)}</p>
      ))}
    </div>
  );
}

/** Which series were read beside the one that the result is about. */
function OtherChannels({ analysis: { otherSeries = [] } }: { readonly analysis: Analysis }) {
  const study = useRoomState((state) => state.series);
  return otherSeries.map(({ channel, seriesInstanceUID }) => {
    const series = study.find((one) => one.seriesInstanceUID === seriesInstanceUID);
    const name = series === undefined ? text('channels.gone') : seriesName(series);
    return <p key={channel}>{text('result.otherSeries', { channel, name })}</p>;
  });
}

/** Why a place was passed over; what kept the very place that computed from its best stands for itself. */
function skippedText({ place }: Analysis, skipped: Analysis['place']['skipped'][number]): string {
  const runtime = text(`runtime.${skipped.runtime}`);
  const reason = skipped.reason.replace(/\.$/, '');
  return skipped.runtime === place.runtime ? `${reason}.` : text('result.skipped', { runtime, reason });
}

/** Where it was computed, on what, and how long it took. */
function placeText(analysis: Analysis): string {
  const { place, startedAt, finishedAt } = analysis;
  const { location, runtime, threads, device } = place;
  const facts = [
    ...(runtime === 'webgpu' || threads < 1 ? [] : [text('result.threads', { count: threads })]),
    ...(device === null ? [] : [device]),
  ];
  const named = text(`runtime.${runtime}`) + (facts.length === 0 ? '' : ` (${facts.join(', ')})`);
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  // Between marks it is the reader's time, not the model's.
  const by =
    seconds > 0 && !isMarked(analysis)
      ? text('result.took', { by: named, seconds: seconds < 0.1 ? '< 0.1' : seconds.toFixed(seconds < 10 ? 1 : 0) })
      : named;
  return text(location === 'browser' ? 'result.computedBrowser' : 'result.computedServer', { by });
}

function Warnings({ analysis }: { readonly analysis: Analysis }) {
  const { warnings } = analysis;
  if (warnings.length === 0) return null;
  return (
    <Disclosure title={text('result.warnings', { count: warnings.length })} defaultOpen>
      {warnings.map(({ code, message }) => (
        <p className="ovr-warning" key={`${code} ${message}`}>
          {message}
        </p>
      ))}
    </Disclosure>
  );
}
