import { Fragment } from 'react';
import { boxedFindings, type LayerId } from '../overlay/index.ts';
import { shownAnalysis, type Result } from '../analysis/index.ts';
import { HeatLegend } from './HeatLegend.tsx';
import { HiddenIcon, ShownIcon } from './icons.tsx';
import { useActions } from './room-context.ts';
import { text } from '../text/index.ts';

/** What is drawn of the result, each layer with its switch and, where it has one, its opacity. */
export function Layers({ result }: { readonly result: Result }) {
  const analysis = shownAnalysis(result);
  const layers: LayerId[] = [];
  if (analysis.labelMaps.length > 0) layers.push('mask');
  if (analysis.heatMaps.length > 0) layers.push('heatMap');
  if (boxedFindings(analysis).some(({ finding }) => finding.region !== null)) layers.push('boxes');
  if (layers.length === 0) return null;
  return (
    <div className="ovr-layers" role="group" aria-label={text('layers.heading')}>
      {layers.map((layer) => (
        <Fragment key={layer}>
          <LayerRow layer={layer} result={result} />
          {layer === 'heatMap' && analysis.heatMaps.length > 1 && <HeatMapChoice result={result} />}
          {layer === 'heatMap' && <Legend result={result} />}
        </Fragment>
      ))}
    </div>
  );
}

/** The colours of the heat map that the model gave; what a score rests on has its own words beside it. */
function Legend({ result: { analysis, heatMap, layers } }: { readonly result: Result }) {
  const drawn = analysis.heatMaps[heatMap];
  if (drawn === undefined || !layers.heatMap.visible) return null;
  return (
    <div className="ovr-choice">
      <HeatLegend heatMap={drawn} says="layers.legend" />
    </div>
  );
}

/** Which heat map is drawn, where the model gave several. */
function HeatMapChoice({ result }: { readonly result: Result }) {
  const { showHeatMap } = useActions();
  const { heatMap, layers } = result;
  return (
    <label className="ovr-choice">
      <span className="ovr-hidden">{text('layers.whichHeatMap')}</span>
      <select
        className="ovr-select"
        value={heatMap}
        disabled={!layers.heatMap.visible}
        onChange={({ target }) => showHeatMap(Number(target.value))}
      >
        {shownAnalysis(result).heatMaps.map(({ label }, n) => (
          <option key={n} value={n}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

function LayerRow({ layer, result }: { readonly layer: LayerId; readonly result: Result }) {
  const { setLayer } = useActions();
  const { visible, opacity } = result.layers[layer];
  const name = text(`layers.${layer}`);
  return (
    <>
      <button
        type="button"
        role="switch"
        aria-checked={visible}
        className="ovr-toggle"
        onClick={() => setLayer(layer, { visible: !visible })}
      >
        {visible ? <ShownIcon /> : <HiddenIcon />}
        {name}
      </button>
      {layer === 'boxes' ? (
        <span />
      ) : (
        <input
          type="range"
          className="ovr-slider"
          min={0}
          max={100}
          step={5}
          value={Math.round(opacity * 100)}
          disabled={!visible}
          aria-label={text('layers.opacity', { layer: name })}
          onChange={({ target }) => setLayer(layer, { opacity: target.valueAsNumber / 100 })}
        />
      )}
    </>
  );
}
