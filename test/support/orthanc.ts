import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const program = '/usr/sbin/Orthanc';
const plugin = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';

/** Whether this machine has Debian's `orthanc` and `orthanc-dicomweb`. */
export const hasOrthanc = existsSync(program) && existsSync(plugin);

export interface Orthanc {
  /** Its own REST interface, ending in a slash. */
  readonly url: string;
  /** Its DICOMweb root, without a slash at the end. */
  readonly dicomWeb: string;
  /** Port of its DICOM server; null where none was asked for. */
  readonly dicomPort: number | null;
  /** Stores Part 10 files by its own interface. */
  readonly add: (files: readonly Uint8Array[]) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface OrthancOptions {
  /** Name and password it asks for; absent: it asks for none. */
  readonly user?: readonly [name: string, password: string];
  /** Whether it takes and gives objects by C-STORE and C-GET too, from and to anybody on this machine. */
  readonly dimse?: boolean;
}

/** A real Orthanc on a free loopback port, with an empty folder that is thrown away at the end. */
export async function startOrthanc({ user, dimse = false }: OrthancOptions = {}): Promise<Orthanc> {
  const folder = await mkdtemp(join(tmpdir(), 'overread-orthanc-'));
  const port = await freePort();
  const dicomPort = dimse ? await freePort() : null;
  const configuration = {
    Name: 'OVERREAD-TEST',
    StorageDirectory: folder,
    IndexDirectory: folder,
    HttpPort: port,
    RemoteAccessAllowed: false,
    DicomServerEnabled: dimse,
    ...(dicomPort === null
      ? {}
      : { DicomPort: dicomPort, DicomAet: 'ORTHANC', DicomCheckCalledAet: false, DicomAlwaysAllowGet: true }),
    AuthenticationEnabled: user !== undefined,
    RegisteredUsers: user === undefined ? {} : { [user[0]]: user[1] },
    Plugins: [plugin],
    DicomWeb: { Enable: true, Root: '/dicom-web/', EnableWado: false },
  };
  const file = join(folder, 'orthanc.json');
  await writeFile(file, JSON.stringify(configuration));
  const child = spawn(program, [file], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}/`;
  const headers: Record<string, string> =
    user === undefined ? {} : { authorization: `Basic ${Buffer.from(user.join(':')).toString('base64')}` };
  const stop = async () => {
    await ended(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await answering(`${url}system`, headers, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    dicomWeb: `${url}dicom-web`,
    dicomPort,
    async add(files) {
      for (const body of files) {
        const response = await fetch(`${url}instances`, { method: 'POST', body: new Uint8Array(body), headers });
        if (!response.ok) throw new Error(`Orthanc answered ${response.status} to an instance`);
        await response.arrayBuffer();
      }
    },
    stop,
  };
}

async function answering(url: string, headers: Record<string, string>, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`Orthanc ended with status ${child.exitCode}`);
    const response = await fetch(url, { headers }).catch(() => null);
    if (response?.ok === true) return;
    await sleep(100);
  }
  throw new Error('Orthanc did not answer within 30 s');
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await exit;
  clearTimeout(timer);
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
