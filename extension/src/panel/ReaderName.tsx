import { useState } from 'react';
import { readableName } from './format.ts';
import { NameForm } from './NameForm.tsx';
import { useRoomState } from './room-context.ts';
import { text } from '../text/index.ts';

/** Whose name goes with the decisions: from the login, typed once, or none. Never in the way of saving. */
export function ReaderName() {
  const reader = useRoomState((state) => state.reader);
  const [editing, setEditing] = useState(false);
  if (reader.source === 'login') {
    return <p className="ovr-note">{text('save.reader', { name: readableName(reader.name ?? '') })}</p>;
  }
  if (!reader.asked || editing) {
    return <NameForm label={text('save.readerAsk')} allowNone onDone={() => setEditing(false)} />;
  }
  return (
    <p className="ovr-note">
      {reader.name === null ? text('save.readerNobody') : text('save.reader', { name: readableName(reader.name) })}{' '}
      <button type="button" className="ovr-link" onClick={() => setEditing(true)}>
        {text('save.readerChange')}
      </button>
    </p>
  );
}
