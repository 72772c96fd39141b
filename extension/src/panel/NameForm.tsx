import { useId, useState } from 'react';
import { useActions } from './room-context.ts';
import { text } from '../text/index.ts';

interface Props {
  readonly label: string;
  /** Whether reviewing without a name is offered. */
  readonly allowNone?: boolean;
  readonly onDone?: () => void;
}

/** Asks for the reader's name. */
export function NameForm({ label, allowNone = false, onDone }: Props) {
  const { nameReader } = useActions();
  const [typed, setTyped] = useState('');
  const field = useId();
  const use = (name: string) => {
    nameReader(name);
    onDone?.();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (allowNone || typed.trim() !== '') use(typed);
      }}
      // The viewer's shortcuts must not act on what is typed here; Escape closes what this stands in.
      onKeyDown={(event) => {
        if (event.key !== 'Escape') event.stopPropagation();
      }}
    >
      <label className="ovr-note" htmlFor={field}>
        {label}
      </label>
      <div className="ovr-row" style={{ margin: '2px 0 8px' }}>
        <input
          id={field}
          className="ovr-input"
          autoComplete="name"
          maxLength={64}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <button type="submit" className="ovr-button">
          {text('save.readerUse')}
        </button>
        {allowNone && (
          <button type="button" className="ovr-link" onClick={() => use('')}>
            {text('save.readerNone')}
          </button>
        )}
      </div>
    </form>
  );
}
