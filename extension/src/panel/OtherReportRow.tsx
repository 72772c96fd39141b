import type { OtherFinding, Remark } from '@overread/core/results';
import { useState } from 'react';
import type { OtherReportEntry } from '../analysis/index.ts';
import type { SeriesSummary } from '../host/types.ts';
import { imageText, measurementText, placeText, readableName, scoreText } from './format.ts';
import { makerText, OtherHead } from './OtherHead.tsx';
import { useActions } from './room-context.ts';
import { text } from '../text/index.ts';

/** (130400, DCM, Geometric purpose of region): what a shape is for is seen where it is drawn. */
const geometricPurpose = '130400';

/** How many findings are listed before the reader asks for more. */
const first = 10;

/** A report of other software: who observed what, each finding with its place where it has one. */
export function OtherReportRow({
  entry,
  series,
}: {
  readonly entry: OtherReportEntry;
  readonly series: SeriesSummary;
}) {
  const { showOther } = useActions();
  const [all, setAll] = useState(false);
  const { report, maker, description, visible } = entry;
  const { findings, observers, remarks, title, document } = report;
  const name = description === '' ? title.meaning || text('others.report') : description;
  const names = observers.map(readableName).join(', ');
  const facts = [makerText(maker), ...(names === '' ? [] : [text('others.observers', { names })])];
  const isDrawn = findings.some(({ region }) => region !== null);
  const listed = all ? findings : findings.slice(0, first);
  return (
    <div className="ovr-other">
      <OtherHead
        name={name}
        facts={facts}
        switchLabel={isDrawn ? text('others.showBoxes', { name }) : null}
        visible={visible}
        onToggle={(on) => showOther(document.sopInstanceUID, on)}
      />
      {findings.length + remarks.length === 0 && <p className="ovr-note">{text('others.nothing')}</p>}
      <ul className="ovr-other-findings">
        {remarks.map((remark, index) => (
          <li key={index}>{remarkText(remark)}</li>
        ))}
        {listed.map((finding, index) => (
          <Finding key={index} finding={finding} number={index + 1} series={series} />
        ))}
      </ul>
      {findings.length > first && !all && (
        <button type="button" className="ovr-link" onClick={() => setAll(true)}>
          {text('others.showAll', { count: findings.length })}
        </button>
      )}
    </div>
  );
}

function Finding({
  finding,
  number,
  series,
}: {
  readonly finding: OtherFinding;
  readonly number: number;
  readonly series: SeriesSummary;
}) {
  const { goTo } = useActions();
  const { region, label, measurements, remarks } = finding;
  const name = label === '' ? finding.code.meaning : label;
  const place = placeOf(finding, series);
  const facts = [scoreText(finding), placeText(finding), place].filter((fact) => fact !== null);
  const said = [
    ...measurements.map(measurementText),
    ...remarks.filter(({ name: { value } }) => value !== geometricPurpose).map(remarkText),
  ];
  return (
    <li>
      {region === null ? (
        <span>{name}</span>
      ) : (
        <button
          type="button"
          className="ovr-link ovr-wrap"
          aria-label={text('findings.goTo', { name: text('findings.name', { label: name, number }) })}
          onClick={() => goTo(series.seriesInstanceUID, region.centre)}
        >
          {name}
        </button>
      )}
      {facts.length > 0 && <span className="ovr-quiet">{` ${facts.join(' · ')}`}</span>}
      {said.map((line, index) => (
        <p className="ovr-note" key={index}>
          {line}
        </p>
      ))}
    </li>
  );
}

function remarkText({ name, value }: Remark): string {
  return `${name.meaning}: ${value}`;
}

/** Series and image number of the slice through the finding's centre. */
function placeOf(finding: OtherFinding, { geometry, seriesNumber }: SeriesSummary): string | null {
  if (!geometry.ok) return null;
  return imageText(finding, { slices: geometry.value.slices, seriesNumber }, 'short');
}
