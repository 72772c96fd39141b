import { useId, useState } from 'react';
import { readableName } from './format.ts';
import { useActions, useRoomState } from './room-context.ts';
import { text } from '../text/index.ts';

/** Whose name goes with the decisions: from the login, typed once, or none. Never in the way of saving. */
export function ReaderName() {
  const { nameReader } = useActions();
  const reader = useRoomState((state) => state.reader);
  const [editing, setEditing] = useState(false);
  const [typed, setTyped] = useState('');
  const field = useId();
  if (reader.source === 'login') {
    return <p className="ovr-note">{text('save.reader', { name: readableName(reader.name ?? '') })}</p>;
  }
  if (reader.asked && !editing) {
    return (
      <p className="ovr-note">
        {reader.name === null ? text('save.readerNobody') : text('save.reader', { name: readableName(reader.name) })}{' '}
        <button type="button" className="ovr-link" onClick={() => setEditing(true)}>
          {text('save.readerChange')}
        </button>
      </p>
    );
  }
  const use = (name: string) => {
    nameReader(name);
    setEditing(false);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        use(typed);
      }}
      // The viewer's shortcuts must not act on what is typed here.
      onKeyDown={(event) => event.stopPropagation()}
    >
      <label className="ovr-note" htmlFor={field}>
        {text('save.readerAsk')}
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
        <button type="button" className="ovr-link" onClick={() => use('')}>
          {text('save.readerNone')}
        </button>
      </div>
    </form>
  );
}
