/** What the mode uses of the viewer's managers. The viewer publishes no types: written by hand, only what is called. */

interface ToolDefinition {
  readonly toolName: string;
  readonly bindings?: readonly object[];
  readonly configuration?: object;
}

export interface ToolSet {
  readonly active?: readonly ToolDefinition[];
  readonly passive?: readonly ToolDefinition[];
  readonly enabled?: readonly ToolDefinition[];
  readonly disabled?: readonly ToolDefinition[];
}

export interface Button {
  readonly id: string;
  readonly uiType: string;
  readonly props: Readonly<Record<string, unknown>>;
}

/** Section key to button ids, in order. */
export type Sections = Readonly<Record<string, readonly string[]>>;

interface Disposable {
  destroy(): void;
}

interface Services {
  readonly toolbarService: {
    register(buttons: readonly Button[]): void;
    updateSection(key: string, buttons: readonly string[]): void;
  };
  readonly toolGroupService: Disposable & {
    getToolGroup(id: string): unknown;
    createToolGroupAndAddTools(id: string, tools: ToolSet): void;
    addToolsToToolGroup(id: string, tools: ToolSet): void;
  };
  readonly customizationService: {
    getCustomization(name: string): unknown;
    setCustomizations?(customizations: Readonly<Record<string, unknown>>): void;
  };
  readonly cornerstoneViewportService: Disposable & {
    getViewportInfo(id: string): { viewportOptions?: { id?: string; orientation?: string } } | undefined;
  };
  readonly syncGroupService: Disposable;
  readonly segmentationService: Disposable;
  readonly uiDialogService: { hideAll?(): void };
  readonly uiModalService: { hide(): void };
}

export interface Managers {
  readonly servicesManager: { readonly services: Services };
  readonly extensionManager: { getModuleEntry(id: string): { readonly exports: unknown } | undefined };
  readonly commandsManager: {
    runCommand(name: string, options?: object): unknown;
    run?(name: string, options?: object): unknown;
  };
}

export interface ModeInstance {
  readonly id: string;
  readonly routeName: string;
  readonly displayName: string;
  readonly [property: string]: unknown;
}
