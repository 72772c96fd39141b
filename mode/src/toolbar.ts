import type { Button, Managers, Sections } from './viewer.ts';
import { ownButtons, ownSections } from './toolbar-buttons.ts';

const list = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/**
 * Registers the toolbar. From 3.13 the viewer has resolved `toolbarButtons` and `toolbarSections` of the mode (references
 * to its own packs, changed by whatever the site customizes); older viewers have no packs, so there the buttons are ours.
 */
export function registerToolbar({ servicesManager }: Managers): void {
  const { toolbarService, customizationService } = servicesManager.services;
  const buttons = list(customizationService.getCustomization('toolbarButtons')) as readonly Button[];
  const sections = list(customizationService.getCustomization('toolbarSections')) as readonly Sections[];
  const resolved = buttons.length > 0 && buttons.every((button) => typeof button.id === 'string');

  toolbarService.register(resolved ? buttons : ownButtons);
  const layout = resolved ? (Object.assign({}, ...sections) as Sections) : ownSections;
  for (const [key, ids] of Object.entries(layout)) toolbarService.updateSection(key, ids);
}

/** Tools that a site adds to the tool groups by customization (from 3.13). */
export function addSiteTools({ servicesManager }: Managers): void {
  const { toolGroupService, customizationService } = servicesManager.services;
  for (const additions of list(customizationService.getCustomization('toolGroupAdditions'))) {
    for (const [group, sets] of Object.entries(additions as Record<string, unknown>)) {
      if (toolGroupService.getToolGroup(group) === undefined) continue;
      for (const tools of list(sets)) toolGroupService.addToolsToToolGroup(group, tools as object);
    }
  }
}
