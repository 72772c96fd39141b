import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDemo, type DemoServer } from '../support/demo-server.ts';
import { readMultipart, storeRequest } from '../support/multipart.ts';
import { hasOpenssl, startTlsPacs, type TlsPacs } from '../support/tls-pacs.ts';
import { webStudies } from '../support/web-studies.ts';

const quick = { phantom: false, server: false, build: false } as const;
const [image] = webStudies.ct;

let pacs: TlsPacs;
let demo: DemoServer;
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'overread-proxy-'))));
afterEach(async () => {
  await demo.stop();
  await pacs.stop();
  rmSync(folder, { recursive: true, force: true });
});

const rootsOf = ({ origin, ca }: TlsPacs) => ({
  OVERREAD_PACS_QIDO_ROOT: `${origin}/qido`,
  OVERREAD_PACS_WADO_ROOT: `${origin}/wado`,
  OVERREAD_PACS_STOW_ROOT: `${origin}/stow/`,
  OVERREAD_PACS_CA: ca,
});

describe.skipIf(!hasOpenssl)('a PACS behind TLS with three roots (needs openssl)', () => {
  it('is searched, read and stored to, each at its own root, with the token and nowhere a trace of it', async () => {
    pacs = await startTlsPacs({ readOnly: false });
    const token = 'secret-token-1';
    demo = await startDemo({ ...quick, env: { ...rootsOf(pacs), OVERREAD_PACS_TOKEN: token } });

    const stored = await fetch(`${demo.dicomWeb}/studies`, storeRequest([image!.bytes]));
    expect(stored.status).toBe(200);
    expect(await (await fetch(`${demo.dicomWeb}/studies?limit=5`)).json()).toHaveLength(1);
    const series = `${demo.dicomWeb}/studies/${image!.study}/series/${image!.series}`;
    const metadata = await (await fetch(`${series}/metadata`)).text();
    const [part] = await readMultipart(await fetch(`${series}/instances/${image!.instance}/frames/1`));
    expect(part!.bytes).toEqual(Buffer.from(image!.pixels));

    expect(pacs.asked.map(({ method, root }) => `${method} ${root}`)).toEqual([
      'POST stow',
      'GET qido',
      'GET wado',
      'GET wado',
    ]);
    expect(new Set(pacs.asked.map(({ authorization }) => authorization))).toEqual(new Set([`Bearer ${token}`]));
    // Every address in the answers leads back through the demo, and nothing it says holds the token.
    expect(metadata).toContain(`${demo.dicomWeb}/studies/`);
    expect(metadata + JSON.stringify(await stored.json())).not.toContain(pacs.origin);
    const config = await (await fetch(`${demo.url}app-config.js`)).text();
    expect(demo.output() + config).not.toContain(token);
  });

  it('that only reads is read, and says that it does not store', async () => {
    pacs = await startTlsPacs({ readOnly: true });
    // By config file, with a password.
    const { OVERREAD_PACS_CA: ca } = rootsOf(pacs);
    const config = join(folder, 'overread.json');
    const roots = {
      qidoRoot: `${pacs.origin}/qido`,
      wadoRoot: `${pacs.origin}/wado`,
      stowRoot: `${pacs.origin}/stow`,
    };
    writeFileSync(config, JSON.stringify({ pacs: { ...roots, user: 'reader', password: 'hunter2', ca } }));
    demo = await startDemo({ ...quick, env: { OVERREAD_CONFIG: config } });
    expect((await fetch(`${demo.dicomWeb}/studies`)).status).toBe(200);
    expect((await fetch(`${demo.dicomWeb}/studies`, storeRequest([image!.bytes]))).status).toBe(403);
    const basic = `Basic ${Buffer.from('reader:hunter2').toString('base64')}`;
    expect(pacs.asked.map(({ authorization }) => authorization)).toEqual([basic, basic]);
  });

  it('is not believed without its authority, and the reason can be looked up', async () => {
    pacs = await startTlsPacs({ readOnly: false });
    demo = await startDemo({ ...quick, pacsUrl: `${pacs.origin}/qido` });
    const answer = await fetch(`${demo.dicomWeb}/studies`);
    expect(answer.status).toBe(502);
    expect(await answer.text()).toMatch(/does not answer: (UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN)/);
    expect(pacs.asked).toEqual([]);
  });
});
