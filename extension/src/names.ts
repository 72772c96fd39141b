import manifest from '../package.json' with { type: 'json' };

/** Names by which a viewer, a mode or a site's configuration refers to this extension. */
export const extensionId = manifest.name;
export const panelName = 'aiPanel';
/** For `rightPanels` of a mode or a customization. */
export const panelId = `${extensionId}.panelModule.${panelName}`;
/** The custom element that the panel is. */
export const panelElementName = 'overread-panel';
