import { panelId } from '@overread/extension/names';
import { extensionDependencies, modeId, sopClassHandlers, viewerEntries, viewports } from './names.ts';
import { addSiteTools, registerToolbar } from './toolbar.ts';
import { createToolGroups } from './tool-groups.ts';
import { isValidMode } from './validity.ts';
import type { Managers, ModeInstance } from './viewer.ts';

function layoutTemplate() {
  return {
    id: viewerEntries.layout,
    props: {
      leftPanels: [viewerEntries.seriesList],
      leftPanelResizable: true,
      rightPanels: [panelId, viewerEntries.measurementPanel, viewerEntries.segmentationPanel],
      rightPanelClosed: false,
      rightPanelResizable: true,
      viewports,
    },
  };
}

function onModeEnter(managers: Managers): void {
  createToolGroups(managers);
  registerToolbar(managers);
  addSiteTools(managers);
  // Segmentations are looked at here, as in the viewer's basic mode; editing them is another mode's work.
  managers.servicesManager.services.customizationService.setCustomizations?.({
    'panelSegmentation.disableEditing': { $set: true },
  });
}

/** What every mode of the viewer gives back: the state that was made for its own viewports. */
function onModeExit({ servicesManager }: Pick<Managers, 'servicesManager'>): void {
  const services = servicesManager.services;
  services.uiDialogService.hideAll?.();
  services.uiModalService.hide();
  services.toolGroupService.destroy();
  services.syncGroupService.destroy();
  services.segmentationService.destroy();
  services.cornerstoneViewportService.destroy();
}

/** AI Reading: the viewer's own layout, tools and series list, with the AI panel open at the right. */
export const modeInstance: ModeInstance = {
  id: modeId,
  routeName: 'ai-reading',
  displayName: 'AI Reading',
  hide: false,
  onModeEnter,
  onModeExit,
  validationTags: { study: [], series: [] },
  isValidMode,
  routes: [{ path: 'ai-reading', layoutTemplate }],
  extensions: extensionDependencies,
  hangingProtocol: 'default',
  sopClassHandlers,
  // Read by viewers from 3.13 on, which resolve the references; the others ignore them.
  toolbarButtons: [{ $reference: 'cornerstone.toolbarButtons' }],
  toolbarSections: [{ $reference: 'cornerstone.toolbarSections' }],
  toolGroupAdditions: { default: [], mpr: [], SRToolGroup: [], volume3d: [] },
};
