import {
  channelSeries,
  currentRecord,
  currentSeries,
  offeredModels,
  runKey,
  type Catalogue,
  type CatalogueModel,
} from '../analysis/index.ts';
import type { SeriesSummary } from '../host/types.ts';
import { ChannelChoice } from './ChannelChoice.tsx';
import { Disclosure } from './Disclosure.tsx';
import { RunIcon } from './icons.tsx';
import { MarkingCard } from './MarkingCard.tsx';
import { ModelAbout } from './ModelAbout.tsx';
import { ModelName } from './ModelName.tsx';
import { PlaceChoice } from './PlaceChoice.tsx';
import { ProblemNote } from './ProblemNote.tsx';
import { useActions, useRoomState } from './room-context.ts';
import { RunView } from './RunView.tsx';
import { text } from '../text/index.ts';

/** The models of the site: those that apply to the series first, the others with the reason why not. */
export function ModelList() {
  const { lookForModels } = useActions();
  const catalogue = useRoomState((state) => state.catalogue);
  const series = useRoomState(currentSeries);
  return (
    <section className="ovr-section" aria-label={text('models.heading')}>
      <h2>{text('models.heading')}</h2>
      {catalogue.kind === 'loading' && <p className="ovr-empty">{text('models.loading')}</p>}
      {catalogue.kind === 'failed' && (
        <>
          <ProblemNote problem={catalogue.problem} />
          <button type="button" className="ovr-button" onClick={lookForModels}>
            {text('models.retry')}
          </button>
        </>
      )}
      {catalogue.kind === 'ready' && <Offered catalogue={catalogue.value} series={series} />}
    </section>
  );
}

function Offered({ catalogue, series }: { readonly catalogue: Catalogue; readonly series: SeriesSummary | null }) {
  const { models, broken } = catalogue;
  const study = useRoomState((state) => state.series);
  const record = useRoomState(currentRecord);
  const { applying, others } =
    series === null ? { applying: [], others: [] } : offeredModels(models, series, study, record);
  if (models.length === 0 && broken.length === 0) return <p className="ovr-empty">{text('models.none')}</p>;
  return (
    <>
      {applying.length > 0 && <PlaceChoice />}
      {series !== null && applying.length === 0 && models.length > 0 && (
        <p className="ovr-empty">{text('models.noneApplies')}</p>
      )}
      <ul>
        {applying.map((model) => (
          <li key={model.url}>
            {series !== null &&
              (model.manifest.prompts === undefined ? (
                <ModelCard model={model} series={series} />
              ) : (
                <MarkingCard model={model} series={series} />
              ))}
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <Disclosure title={`${text('models.others')} (${others.length})`} defaultOpen={applying.length === 0}>
          <ul>
            {others.map(({ model, because }) => (
              <li className="ovr-card" key={model.url}>
                <ModelName model={model} />
                {because.map((reason) => (
                  <p className="ovr-note" key={reason}>
                    {series?.geometry.ok === false && reason === series.geometry.reason
                      ? text('models.needsVolume')
                      : reason}
                  </p>
                ))}
              </li>
            ))}
          </ul>
        </Disclosure>
      )}
      {broken.length > 0 && (
        <Disclosure title={`${text('models.broken')} (${broken.length})`} defaultOpen>
          {broken.map(({ id, problem }) => (
            <ProblemNote key={id} title={id} problem={problem} />
          ))}
        </Disclosure>
      )}
    </>
  );
}

function ModelCard({ model, series }: { readonly model: CatalogueModel; readonly series: SeriesSummary }) {
  const { run: start } = useActions();
  const { id, title, summary } = model.manifest;
  const run = useRoomState((state) => currentRecord(state).runs[runKey(series.seriesInstanceUID, id)]);
  const available = useRoomState((state) => state.places[state.place]);
  const underWay = run?.state.kind === 'queued' || run?.state.kind === 'running';
  const study = useRoomState((state) => state.series);
  const record = useRoomState(currentRecord);
  const channels = channelSeries(model, series, study, record);
  const isAsked = channels.some(({ chosen }) => chosen === null);
  const why = available?.ok === false ? available.reason : isAsked ? text('channels.first') : undefined;
  return (
    <article className="ovr-card" aria-label={title}>
      <div className="ovr-row">
        <div className="ovr-grow">
          <ModelName model={model} />
        </div>
        {!underWay && (
          <button
            type="button"
            className={run?.state.kind === 'done' ? 'ovr-button' : 'ovr-button ovr-primary'}
            aria-label={text('models.runLabel', { title })}
            disabled={why !== undefined}
            title={why}
            onClick={() => start(model)}
          >
            <RunIcon />
            {text(run?.state.kind === 'done' ? 'models.runAgain' : 'models.run')}
          </button>
        )}
      </div>
      {!underWay && <p className="ovr-note">{summary}</p>}
      {!underWay && <ChannelChoice model={model} channels={channels} />}
      {!underWay && isAsked && (
        <p className="ovr-warning" role="status">
          {text('channels.first')}
        </p>
      )}
      {run !== undefined && <RunView run={run} />}
      {!underWay && <ModelAbout manifest={model.manifest} />}
    </article>
  );
}
