import { StrictMode, version } from 'react';
import { createRoot } from 'react-dom/client';
import extension from '@overread/extension-package';

/**
 * As much of a viewer as the extension needs to open its panel: a page with its own React 18.3 and services without a
 * study. Bundled by webpack, as a site that builds its own viewer would.
 */
const publisher = { EVENTS: {}, subscribe: () => ({ unsubscribe: () => undefined }) };
const cornerstone = {
  eventTarget: new EventTarget(),
  getEnabledElements: () => [],
  getEnabledElement: () => undefined,
};
const registration = {
  servicesManager: {
    services: {
      displaySetService: { ...publisher, getActiveDisplaySets: () => [], getDisplaySetByUID: () => undefined },
      viewportGridService: { ...publisher, getState: () => ({ activeViewportId: null, viewports: new Map() }) },
      hangingProtocolService: { getState: () => null },
      userAuthenticationService: { getAuthorizationHeader: () => ({}) },
      uiNotificationService: { show: () => undefined },
    },
  },
  extensionManager: {
    getModuleEntry: () => ({ exports: { getCornerstoneLibraries: () => ({ cornerstone }) } }),
    getActiveDataSource: () => [],
  },
  commandsManager: { runCommand: () => undefined },
  appConfig: { overread: { models: '/models/', debug: true } },
};

extension.preRegistration(registration);
extension.onModeEnter();
const [panel] = extension.getPanelModule();
const Panel = panel.component;
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <p>React {version}</p>
    <Panel />
  </StrictMode>,
);
