import type { Analysis, Finding, Measurement } from '@overread/core/analysis';
import { useState } from 'react';
import { measurementTitle, numberText } from './format.ts';
import { RejectReasons } from './RejectReasons.tsx';
import { ReviewButtons } from './ReviewButtons.tsx';
import { useActions } from './room-context.ts';
import { text } from '../text/index.ts';

/** What was measured of each label, one row per label and one column per kind of measurement. */
export function TissueTable({
  findings,
  analysis,
}: {
  readonly findings: readonly Finding[];
  readonly analysis: Analysis;
}) {
  const [asking, ask] = useState<string | null>(null);
  const columns = [...new Set(findings.flatMap(({ measurements }) => measurements.map(measurementTitle)))];
  return (
    <section aria-label={text('tissues.heading')}>
      <table className="ovr-table">
        <caption className="ovr-hidden">{text('tissues.heading')}</caption>
        <thead>
          <tr>
            <th scope="col">{text('tissues.label')}</th>
            {columns.map((column) => (
              <th scope="col" key={column}>
                {column}
              </th>
            ))}
            <th scope="col">
              <span className="ovr-hidden">{text('tissues.review')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {findings.map((finding) => (
            <TissueRow
              key={finding.trackingUID}
              finding={finding}
              columns={columns}
              colour={colourOf(finding, analysis)}
              onReject={() => ask(asking === finding.trackingUID ? null : finding.trackingUID)}
            />
          ))}
        </tbody>
      </table>
      {findings
        .filter(({ trackingUID }) => trackingUID === asking)
        .map(({ trackingUID, label }) => (
          <RejectReasons key={trackingUID} name={label} trackingUID={trackingUID} onClose={() => ask(null)} />
        ))}
    </section>
  );
}

function TissueRow({
  finding,
  columns,
  colour,
  onReject,
}: {
  readonly finding: Finding;
  readonly columns: readonly string[];
  readonly colour: string | null;
  readonly onReject: () => void;
}) {
  const { select } = useActions();
  const { label, review, measurements, trackingUID } = finding;
  const value = (column: string): Measurement | undefined =>
    measurements.find((measurement) => measurementTitle(measurement) === column);
  return (
    <tr data-review={review.state}>
      <td>
        <button type="button" onClick={() => select(trackingUID)}>
          {colour !== null && <span className="ovr-swatch" style={{ background: colour }} aria-hidden="true" />}
          {label}
        </button>
      </td>
      {columns.map((column) => {
        const measurement = value(column);
        return <td key={column}>{measurement === undefined ? '' : numberText(measurement)}</td>;
      })}
      <td>
        <ReviewButtons finding={finding} name={label} onReject={onReject} />
      </td>
    </tr>
  );
}

function colourOf(finding: Finding, { labelMaps }: Analysis): string | null {
  const segments = labelMaps.flatMap((map) => map.segments);
  const segment = segments.find(({ number }) => number === finding.region?.segmentNumber);
  return segment === undefined ? null : `rgb(${segment.colour.join(' ')})`;
}
