import type { LiveHost } from './host/index.ts';
import type { Managers } from './host/viewer.ts';

/** What the viewer hands over at registration, as far as it is used. */
export interface Registration extends Managers {
  readonly appConfig: { readonly overread?: unknown };
}

/** Ties the extension's life in the viewer to our own parts, which are loaded when first needed. */
export interface Session {
  register(registration: Registration): void;
  openPanel(container: HTMLElement): Promise<() => void>;
  enter(): void;
  leave(): void;
}

interface Opened {
  readonly host: LiveHost;
  readonly leaveRoom: () => void;
}

export function createSession(): Session {
  let registration: Registration | null = null;
  let opened: Opened | null = null;
  let inMode = false;

  return {
    register(given) {
      registration = given;
    },

    async openPanel(container) {
      const [{ createHost }, { mountPanel, leaveReadingRoom }] = await Promise.all([
        import('./host/index.ts'),
        import('./panel/index.ts'),
      ]);
      if (registration === null) throw new Error('the extension is not registered');
      const settings = registration.appConfig.overread;
      if (opened === null) {
        const host = createHost(registration);
        opened = { host, leaveRoom: () => leaveReadingRoom(host) };
        if (inMode) host.enter();
        if (isDebug(settings)) Object.assign(globalThis, { overread: { host } });
      }
      return mountPanel(container, { host: opened.host, settings, base: assetsAddress(settings) });
    },

    enter() {
      inMode = true;
      opened?.host.enter();
    },

    leave() {
      inMode = false;
      // The room first: it still knows the study that it leaves.
      opened?.leaveRoom();
      opened?.host.leave();
    },
  };
}

/** Address of this file; kept apart, since bundlers take `new URL(…, import.meta.url)` for a file to be bundled. */
const here = import.meta.url;

/**
 * Where workers and ONNX Runtime's files are: beside this file, or where the setting `assets` says. A site that builds the
 * package into its own viewer serves them under `overread/` unless it says otherwise.
 */
function assetsAddress(settings: unknown): string {
  const isSet = typeof settings === 'object' && settings !== null && 'assets' in settings;
  const given = isSet && typeof settings.assets === 'string' ? `${settings.assets.replace(/\/*$/, '')}/` : null;
  if (given !== null) return new URL(given, document.baseURI).href;
  return here.startsWith('http') ? new URL('.', here).href : new URL('/overread/', document.baseURI).href;
}

/** `window.config.overread.debug: true` puts the host door on the page as `overread.host`, for tests and for finding faults. */
function isDebug(settings: unknown): boolean {
  return typeof settings === 'object' && settings !== null && 'debug' in settings && settings.debug === true;
}
