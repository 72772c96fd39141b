import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { startDemo } from '../../../demo/demo.ts';
import { ensurePhantom, phantomCache, type PhantomFiles } from '../../../demo/phantom/ensure.ts';
import type { ServedViewer } from './site.ts';

export interface ReadingSite extends ServedViewer {
  /** DICOMweb root of the archive behind the viewer, without a slash at the end. */
  readonly dicomWeb: string;
  /** Ends the companion server, and nothing else. */
  readonly stopCompanion: () => Promise<void>;
}

/** The viewer over a DICOMweb archive; without one, over a demo archive of its own that holds the phantom studies. */
export async function startReadingSite(options: {
  readonly pacs?: string;
  readonly viewer?: string;
  readonly server?: boolean;
  readonly data?: readonly string[];
}): Promise<ReadingSite> {
  const archive = mkdtempSync(join(tmpdir(), 'overread-reading-'));
  const { pacs } = options;
  const demo = await startDemo(
    {
      viewer: options.viewer ?? '3.13.2',
      port: 0,
      portIsFixed: true,
      data: options.data ?? [],
      archive,
      phantom: pacs === undefined && options.data === undefined,
      server: options.server ?? false,
      build: true,
      pacs:
        pacs === undefined ? null : { qidoRoot: pacs, wadoRoot: pacs, stowRoot: pacs, authorization: null, ca: null },
    },
    () => undefined,
  );
  return {
    url: demo.url,
    dicomWeb: `${demo.url}dicomweb`,
    stopCompanion: async () => demo.companion?.stop(),
    async stop() {
      await demo.stop();
      rmSync(archive, { recursive: true, force: true });
    },
  };
}

/** The phantom studies, made if need be. */
export function phantom(): Promise<PhantomFiles> {
  return ensurePhantom(phantomCache, (line) => console.log(line));
}

/** What a radiologist sees of the panel, by its words. */
export class PanelOnPage {
  readonly panel: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.panel = page.locator('overread-panel');
  }

  get findings(): Locator {
    return this.panel.locator('[data-finding]');
  }

  /** The card of a model's newest result. */
  result(title: string): Locator {
    return this.panel.getByRole('button', { name: new RegExp(`^${title} \\d`) }).first();
  }

  /** Opens the card of a result, which the panel may be about to open itself: a click on an open one closes it. */
  async open(title: string): Promise<void> {
    const card = this.result(title);
    await expect(async () => {
      if ((await card.getAttribute('aria-expanded')) === 'false') await card.click();
      await expect(this.findings.first()).toBeVisible({ timeout: 5000 });
      await expect(card).toHaveAttribute('aria-expanded', 'true');
    }).toPass({ timeout: 60_000 });
  }

  async choosePlace(name: 'This browser' | 'Server'): Promise<void> {
    await this.panel.getByRole('radio', { name }).click();
  }

  /** Runs a model and waits for its result on screen. */
  async run(title: string): Promise<void> {
    await this.panel.getByRole('button', { name: `Run ${title}` }).click();
    await expect(this.panel.getByRole('button', { name: `Cancel the run of ${title}` })).toBeVisible();
    await expect(this.panel.getByRole('button', { name: `Cancel the run of ${title}` })).toBeHidden({
      timeout: 170_000,
    });
    await expect(this.result(title)).toBeVisible();
  }

  async save(): Promise<void> {
    await this.panel.getByRole('button', { name: 'Save to PACS' }).click();
    await expect(this.panel.getByText(/Saved at/)).toBeVisible({ timeout: 60_000 });
  }

  /** A picture for a person to judge; `npm run screenshots` keeps it for the README. */
  async shot(name: string): Promise<void> {
    const folder = process.env['OVERREAD_SCREENSHOTS'] ?? join('test-results', 'screenshots');
    await this.#page.screenshot({ path: join(folder, `${name}.png`) });
  }
}
