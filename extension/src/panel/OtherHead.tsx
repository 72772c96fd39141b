import { HiddenIcon, ShownIcon } from './icons.tsx';
import { text } from '../text/index.ts';

interface Props {
  readonly name: string;
  /** Who made it, and what else tells it from others. */
  readonly facts: readonly string[];
  /** What its switch is called; null where there is nothing to draw. */
  readonly switchLabel: string | null;
  readonly visible: boolean;
  readonly onToggle: (visible: boolean) => void;
}

/** The line of one result of other software, with its switch. */
export function OtherHead({ name, facts, switchLabel, visible, onToggle }: Props) {
  return (
    <div className="ovr-row ovr-top">
      <div className="ovr-grow">
        <p className="ovr-other-name">{name}</p>
        <p className="ovr-note ovr-other-name">{facts.join(' · ')}</p>
      </div>
      {switchLabel !== null && (
        <button
          type="button"
          role="switch"
          aria-checked={visible}
          aria-label={switchLabel}
          title={switchLabel}
          className="ovr-icon-button"
          onClick={() => onToggle(!visible)}
        >
          {visible ? <ShownIcon /> : <HiddenIcon />}
        </button>
      )}
    </div>
  );
}

/** Who made it, in words. */
export function makerText(maker: string): string {
  return maker === '' ? text('others.unknownMaker') : text('others.by', { maker });
}
