import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArchive } from '../../demo/archive/archive.ts';

/** Whether this machine can make the certificates. */
export const hasOpenssl = existsSync('/usr/bin/openssl');

interface Asked {
  readonly method: string;
  /** First segment of the path: which of the roots was asked. */
  readonly root: string;
  readonly authorization: string | null;
}

export interface TlsPacs {
  /** `https://127.0.0.1:<port>`; its roots are `/qido`, `/wado` and `/stow` below it. */
  readonly origin: string;
  /** PEM file of the authority that signed its certificate; no machine trusts it of itself. */
  readonly ca: string;
  /** Every request so far. */
  readonly asked: readonly Asked[];
  readonly stop: () => Promise<void>;
}

/**
 * A DICOMweb archive behind TLS that keeps searching, retrieving and storing at addresses of their own, as sites do.
 * @param readOnly whether storing is answered with 403.
 */
export async function startTlsPacs({ readOnly }: { readonly readOnly: boolean }): Promise<TlsPacs> {
  const folder = mkdtempSync(join(tmpdir(), 'overread-tls-'));
  const { key, cert, ca } = makeCertificates(folder);
  const archive = await openArchive({
    storage: join(folder, 'stored'),
    folders: [],
    cacheFile: join(folder, 'index.json'),
  });
  const asked: Asked[] = [];
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    const [, root = '', path = ''] = /^\/([a-z]+)([^?]*)/.exec(request.url ?? '') ?? [];
    asked.push({ method: request.method ?? '', root, authorization: request.headers.authorization ?? null });
    const isRightRoot = root === 'stow' ? request.method === 'POST' : request.method === 'GET';
    if (!['qido', 'wado', 'stow'].includes(root) || !isRightRoot) response.writeHead(404).end();
    else if (root === 'stow' && readOnly) response.writeHead(403).end();
    else void archive.handle(request, response, path);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ca,
    asked,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** An authority of our own and a certificate for 127.0.0.1 that it signed. */
function makeCertificates(folder: string): { key: string; cert: string; ca: string } {
  const file = (name: string) => join(folder, name);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...newKey, '-keyout', file('ca.key'), '-out', file('ca.pem'), '-subj', '/CN=Test authority');
  openssl('req', ...newKey, '-keyout', file('key.pem'), '-out', file('request.pem'), '-subj', '/CN=Test PACS');
  writeFileSync(file('names'), 'subjectAltName=IP:127.0.0.1\n');
  const signing = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-extfile', file('names')];
  openssl('x509', '-req', '-in', file('request.pem'), ...signing, '-days', '2', '-out', file('cert.pem'));
  return { key: file('key.pem'), cert: file('cert.pem'), ca: file('ca.pem') };
}

function openssl(...args: string[]): void {
  const { status, stderr } = spawnSync('/usr/bin/openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args[0] ?? ''} failed: ${stderr}`);
}
