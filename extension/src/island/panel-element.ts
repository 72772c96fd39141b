/** Puts the panel into a container; answers what takes it out again. */
export type OpenPanel = (container: HTMLElement) => Promise<() => void>;

let open: OpenPanel | null = null;

/** Defines the panel's element once per page; a second plug-in registration only changes what it opens. */
export function definePanelElement(name: string, openPanel: OpenPanel): void {
  open = openPanel;
  if (customElements.get(name) === undefined) customElements.define(name, panelElementClass());
}

/** Made on demand: where there is no DOM (a site's server-side build), the module can still be imported. */
function panelElementClass(): CustomElementConstructor {
  return class extends HTMLElement {
    #close: (() => void) | null = null;
    #turn = 0;

    connectedCallback(): void {
      this.style.cssText = 'display: flex; flex-direction: column; height: 100%; min-height: 0';
      // A moved element disconnects and connects at once: only the last turn counts.
      const turn = ++this.#turn;
      void this.#mount(turn);
    }

    disconnectedCallback(): void {
      this.#turn++;
      this.#close?.();
      this.#close = null;
    }

    async #mount(turn: number): Promise<void> {
      await Promise.resolve();
      if (turn !== this.#turn || open === null) return;
      this.#close?.();
      this.#close = null;
      const container = document.createElement('div');
      container.style.cssText = 'display: flex; flex-direction: column; flex: 1; min-height: 0';
      this.replaceChildren(container);
      try {
        const close = await open(container);
        if (turn === this.#turn) this.#close = close;
        else close();
      } catch (error) {
        // The one place where our own error display may be what failed to load.
        const why = error instanceof Error ? error.message : String(error);
        container.textContent = `The AI panel could not be opened: ${why}. Check that the plug-in's files are served completely, then reload the page.`;
        container.setAttribute('role', 'alert');
      }
    }
  };
}
