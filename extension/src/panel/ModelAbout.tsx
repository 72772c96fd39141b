import type { Manifest } from '@overread/core/model';
import { Disclosure } from './Disclosure.tsx';
import { text } from '../text/index.ts';

/** What a reader should know before trusting a model: use, limits, how it was evaluated, who made it. */
export function ModelAbout({ manifest }: { readonly manifest: Manifest }) {
  return (
    <Disclosure title={text('models.about')}>
      <dl className="ovr-about">
        <dt>{text('models.intendedUse')}</dt>
        <dd>{manifest.intendedUse}</dd>
        <dt>{text('models.limitations')}</dt>
        <dd>
          <ul>
            {manifest.limitations.map((limit) => (
              <li key={limit}>{limit}</li>
            ))}
          </ul>
        </dd>
        <dt>{text('models.operatingPoint')}</dt>
        <dd>{operatingPoint(manifest)}</dd>
        <dt>{text('models.regulatoryStatus')}</dt>
        <dd>{manifest.regulatoryStatus}</dd>
        <dt>{text('models.authors')}</dt>
        <dd>
          {[manifest.manufacturer, ...manifest.authors].filter((name, at, all) => all.indexOf(name) === at).join(', ')}
        </dd>
        <dt>{text('models.licence')}</dt>
        <dd>{manifest.licence}</dd>
      </dl>
    </Disclosure>
  );
}

function operatingPoint({ operatingPoints, defaultOperatingPoint }: Manifest): string {
  const point = operatingPoints.find(({ name }) => name === defaultOperatingPoint);
  if (point === undefined) return text('models.operatingPointNone');
  const { name, evaluation } = point;
  return evaluation === 'not evaluated'
    ? text('models.notEvaluated', { name })
    : text('models.evaluated', { name, sensitivity: evaluation.sensitivity, on: evaluation.on });
}
