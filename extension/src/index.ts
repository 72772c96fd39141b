import { hostElement } from './island/host-element.ts';
import { definePanelElement } from './island/panel-element.ts';
import { extensionId, panelElementName, panelName } from './names.ts';
import { createSession, type Registration } from './session.ts';

const session = createSession();

/**
 * The OHIF extension; a site lists it in `window.config.extensions`. Little happens at the viewer's start: the panel, the
 * host door and everything behind them are loaded when the panel first opens.
 */
const extension = {
  id: extensionId,

  preRegistration(registration: Registration): void {
    session.register(registration);
    definePanelElement(panelElementName, (container) => session.openPanel(container));
  },

  getPanelModule() {
    return [
      {
        name: panelName,
        iconName: 'tab-roi-threshold',
        iconLabel: 'AI',
        label: 'AI Reading',
        component: () => hostElement(panelElementName),
      },
    ];
  },

  onModeEnter(): void {
    session.enter();
  },

  onModeExit(): void {
    session.leave();
  },
};

export default extension;
