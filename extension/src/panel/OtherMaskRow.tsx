import type { OtherMask } from '../analysis/index.ts';
import { makerText, OtherHead } from './OtherHead.tsx';
import { useActions } from './room-context.ts';
import { text } from '../text/index.ts';

/** A segmentation of other software: fetched when it is switched on, then drawn with the colours that it recommends. */
export function OtherMaskRow({ mask }: { readonly mask: OtherMask }) {
  const { showOther } = useActions();
  const { listed, state, visible } = mask;
  const name = listed.description === '' ? text('others.mask') : listed.description;
  const count = listed.segments.length;
  const facts = [makerText(listed.maker), ...(count === 0 ? [] : [text('others.segments', { count })])];
  return (
    <div className="ovr-other">
      <OtherHead
        name={name}
        facts={facts}
        switchLabel={text('others.showMask', { name })}
        visible={visible && state.kind !== 'failed'}
        onToggle={(on) => showOther(listed.sopInstanceUID, on)}
      />
      <div role="status">
        {state.kind === 'loading' && <p className="ovr-note">{text('others.loading')}</p>}
        {state.kind === 'failed' && (
          <p className="ovr-warning">{`${text('others.notDrawn')}: ${state.why ?? text('others.otherSeries')}`}</p>
        )}
      </div>
      {state.kind === 'ready' && visible && (
        <ul className="ovr-segments">
          {state.layers.flatMap(({ segments }, layer) =>
            segments.map(({ number, label, colour }) => (
              <li key={`${layer} ${number}`}>
                <span className="ovr-swatch" style={{ background: `rgb(${colour.join(' ')})` }} />
                {label}
              </li>
            )),
          )}
        </ul>
      )}
    </div>
  );
}
