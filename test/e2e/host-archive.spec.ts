import { newUID, sopClasses, writePart10 } from '@overread/core/dicom';
import type { PixelPhantom } from './support/pixel-phantoms.ts';
import { exposeHost, expect, hostReady, openStudy, startSite, test, type Site } from './support/site.ts';

let site: Site;
let phantom: PixelPhantom;

test.beforeAll(async () => {
  site = await startSite();
  phantom = site.phantoms[1]!;
});
test.afterAll(() => site.stop());

/** A minimal report about nothing, enough for an archive and for the viewer's list. */
function report() {
  const reference = {
    studyInstanceUID: phantom.studyInstanceUID,
    seriesInstanceUID: newUID(),
    sopInstanceUID: newUID(),
  };
  const bytes = writePart10({
    SOPClassUID: sopClasses.comprehensive3DSr,
    SOPInstanceUID: reference.sopInstanceUID,
    StudyInstanceUID: reference.studyInstanceUID,
    SeriesInstanceUID: reference.seriesInstanceUID,
    Modality: 'SR',
    SeriesDescription: 'AI test report',
    SeriesNumber: 900,
    InstanceNumber: 1,
    PatientName: 'PHANTOM^Pixels',
    PatientID: 'PHANTOM-PIXELS',
    StudyDate: '20260110',
    StudyTime: '100000',
    ContentDate: '20260110',
    ContentTime: '120000',
    CompletionFlag: 'COMPLETE',
    VerificationFlag: 'UNVERIFIED',
    ValueType: 'CONTAINER',
    ContinuityOfContent: 'SEPARATE',
    ConceptNameCodeSequence: [
      { CodeValue: '126000', CodingSchemeDesignator: 'DCM', CodeMeaning: 'Imaging Measurement Report' },
    ],
    ContentSequence: [],
  });
  return { reference, bytes: Array.from(bytes) };
}

test('an object is stored, found, read back byte for byte, and shown without a reload', async ({ page }) => {
  await openStudy(page, site, phantom.studyInstanceUID);
  const { reference, bytes } = report();
  const before = await page.evaluate(
    (study) => globalThis.overread.host.archive.listResults(study),
    phantom.studyInstanceUID,
  );
  expect(before).toEqual({ objects: [], problems: [] });
  const back = await page.evaluate(
    async ([object, uids]) => {
      const { archive } = globalThis.overread.host;
      await archive.store(new Uint8Array(object));
      await archive.announce(uids);
      return { can: archive.canStore(), bytes: Array.from(await archive.retrieve(uids)) };
    },
    [bytes, reference] as const,
  );
  expect(back.can).toEqual({ ok: true });
  expect(back.bytes).toEqual(bytes);
  await expect(page.getByText('AI test report')).toBeVisible();

  const found = await page.evaluate(
    (study) => globalThis.overread.host.archive.listResults(study),
    phantom.studyInstanceUID,
  );
  expect(found.problems).toEqual([]);
  expect(found.objects).toMatchObject([
    { ...reference, kind: 'SR', sopClassUID: sopClasses.comprehensive3DSr, description: 'AI test report' },
  ]);
});

test('a study opened again in the same page shows all its series and what was stored', async ({ page }) => {
  await openStudy(page, site, phantom.studyInstanceUID);
  const { reference, bytes } = report();
  await page.evaluate(
    async ([object, uids]) => {
      await globalThis.overread.host.archive.store(new Uint8Array(object));
      await globalThis.overread.host.archive.announce(uids);
    },
    [bytes, reference] as const,
  );
  for (const path of ['/', `/ai-reading?StudyInstanceUIDs=${phantom.studyInstanceUID}`]) {
    await page.evaluate((to) => {
      history.pushState({}, '', to);
      dispatchEvent(new PopStateEvent('popstate'));
    }, path);
    await page.waitForTimeout(2000);
  }
  await hostReady(page);
  expect(await page.evaluate(() => globalThis.overread.host.activeSeries())).toBe(phantom.seriesInstanceUID);
  await expect(page.getByText('AI test report').first()).toBeVisible();
});

test('an archive that refuses or is gone is an error with a code, and nothing is lost', async ({ page }) => {
  await openStudy(page, site, phantom.studyInstanceUID);
  const { bytes } = report();
  const codeOfStore = () =>
    page.evaluate(
      (object) =>
        globalThis.overread.host.archive.store(new Uint8Array(object)).then(
          () => 'stored',
          (error: unknown) => (error as { code: string }).code,
        ),
      bytes,
    );
  await page.route('**/dicomweb/studies', (route) =>
    route.request().method() === 'POST' ? route.fulfill({ status: 409, body: '' }) : route.fallback(),
  );
  expect(await codeOfStore()).toBe('save.refused');
  await page.unroute('**/dicomweb/studies');
  await page.route('**/dicomweb/studies', (route) => route.abort());
  expect(await codeOfStore()).toBe('pacs.unreachable');
  await page.unroute('**/dicomweb/studies');
  expect(await codeOfStore()).toBe('stored');
});

test('the mode says in the study list what it cannot open', async ({ page }) => {
  await exposeHost(page);
  await page.goto(site.url);
  const answers = await page
    .waitForFunction(() => (window as unknown as { config?: { modes?: unknown } }).config?.modes)
    .then(() =>
      page.evaluate(async () => {
        const { default: mode } = (await import(`${location.origin}/overread/mode.js`)) as {
          default: {
            modeFactory(options: object): { isValidMode(study: object): { valid: boolean; description: string } };
          };
        };
        const reading = mode.modeFactory({});
        return [reading.isValidMode({ modalities: 'CT\\SR' }), reading.isValidMode({ modalities: 'SR\\SEG' })];
      }),
    );
  expect(answers).toEqual([
    { valid: true, description: '' },
    { valid: false, description: 'AI Reading needs images; this study holds only SR, SEG.' },
  ]);
});
