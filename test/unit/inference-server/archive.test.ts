import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { Archive } from '../../../inference-server/src/dicomweb/archive.ts';

let server: Server;
afterEach(() => new Promise((resolve) => server.close(resolve)));

const series = { studyInstanceUID: '1.2', seriesInstanceUID: '1.3' };
const metadata = JSON.stringify([{ '00080018': { vr: 'UI', Value: ['1.4'] } }]);

/** An archive on loopback that answers each request by the given function; counts them. */
async function archiveThat(answer: (response: ServerResponse, request: number) => void) {
  let requests = 0;
  server = createServer((_, response) => answer(response, (requests += 1)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { archive: new Archive({ root: `http://127.0.0.1:${port}`, headers: {} }), count: () => requests };
}

/** Sends half of what it announced and hangs up. */
function cutOff(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/dicom+json', 'content-length': metadata.length });
  response.write(metadata.slice(0, 10), () => response.destroy());
}

it('asks again when an answer is cut off', async () => {
  const { archive, count } = await archiveThat((response, request) =>
    request === 1 ? cutOff(response) : void response.end(metadata),
  );
  expect(await archive.metadata(series)).toEqual([{ SOPInstanceUID: '1.4' }]);
  expect(count()).toBe(2);
});

it('says that the connection broke when it breaks every time', async () => {
  const { archive, count } = await archiveThat(cutOff);
  await expect(archive.metadata(series)).rejects.toMatchObject({ code: 'pacs.unreachable' });
  expect(count()).toBe(3);
});

it('takes a refusal for an answer', async () => {
  const { archive, count } = await archiveThat((response) => void response.writeHead(403).end());
  await expect(archive.metadata(series)).rejects.toMatchObject({ code: 'pacs.refused', details: { status: 403 } });
  expect(count()).toBe(1);
});
