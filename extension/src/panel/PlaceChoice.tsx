import { ToggleGroup } from 'radix-ui';
import { useActions, useRoomState } from './room-context.ts';
import { text } from '../text/index.ts';

/** Where the next run is computed; a place that is not there says why. */
export function PlaceChoice() {
  const { choosePlace } = useActions();
  const place = useRoomState((state) => state.place);
  const places = useRoomState((state) => state.places);
  const hasServer = useRoomState((state) => state.config.server !== null);
  const server = places.server;
  if (!hasServer) return <p className="ovr-empty ovr-quiet">{text('place.browserHint')}</p>;
  return (
    <div className="ovr-empty">
      <div className="ovr-row">
        <span className="ovr-quiet ovr-grow" id="ovr-place">
          {text('place.legend')}
        </span>
        <ToggleGroup.Root
          className="ovr-segmented"
          type="single"
          value={place}
          aria-labelledby="ovr-place"
          onValueChange={(value) => {
            if (value === 'browser' || value === 'server') choosePlace(value);
          }}
        >
          <ToggleGroup.Item value="browser">{text('place.browser')}</ToggleGroup.Item>
          <ToggleGroup.Item value="server" disabled={server?.ok !== true}>
            {text('place.server')}
          </ToggleGroup.Item>
        </ToggleGroup.Root>
      </div>
      <p className="ovr-note">
        {server !== null && !server.ok
          ? text('place.unavailable', { reason: server.reason })
          : text(place === 'server' ? 'place.serverHint' : 'place.browserHint')}
      </p>
    </div>
  );
}
