import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { transferBeside } from '../../../../extension/src/host/transfer.ts';
import type { WadoClient } from '../../../../extension/src/host/viewer.ts';

/** More than is handled at a time, and with bytes in it that look like the frame around it. */
const object = Uint8Array.from({ length: (9 << 20) + 3 }, (_, n) => (n * 7) & 0xff);
object.set(new TextEncoder().encode('\r\n\r\n--frame\r\n'), 200);

let server: Server;
let url: string;
const seen: { method: string; path: string; login: string | undefined; type: string; body: Buffer }[] = [];
let answer: { status: number; type: string; body: Uint8Array } = { status: 200, type: '', body: object };

beforeAll(async () => {
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const type = headers['content-type'] ?? '';
      seen.push({ method, path, login: headers.authorization, type, body: Buffer.concat(parts) });
      response.writeHead(answer.status, { 'Content-Type': answer.type }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/dicomweb`;
});
afterAll(() => server.close());
beforeEach(() => void (seen.length = 0));

const never = () => Promise.reject(new Error('the client was asked'));
const client = (more: Partial<WadoClient> = {}): WadoClient => ({
  headers: { Authorization: 'Bearer phantom' },
  wadoURL: url,
  stowURL: url,
  retrieveInstance: never,
  retrieveSeriesMetadata: never,
  ...more,
});
const reference = { studyInstanceUID: '1.2', seriesInstanceUID: '1.2.3', sopInstanceUID: '1.2.3.4' };
const framed = (body: Uint8Array, end = '\r\n--frame--\r\n') =>
  Buffer.concat([Buffer.from('\r\n--frame\r\nContent-Type: application/dicom\r\n\r\n'), body, Buffer.from(end)]);

describe('an object that is sent', () => {
  test('arrives whole, as the one part of a multipart body, with the login', async () => {
    answer = { status: 200, type: 'application/dicom+json', body: new Uint8Array() };
    await transferBeside(client())!.post(object);
    const [{ method, path, login, type, body }] = seen as [(typeof seen)[0]];
    expect([method, path, login]).toEqual(['POST', '/dicomweb/studies', 'Bearer phantom']);
    const boundary = /^multipart\/related; type="application\/dicom"; boundary="([^"]+)"$/.exec(type)![1]!;
    const head = `--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`;
    expect(body.subarray(0, head.length).toString()).toBe(head);
    expect(body.subarray(head.length, head.length + object.length).equals(object)).toBe(true);
    expect(body.subarray(head.length + object.length).toString()).toBe(`\r\n--${boundary}--`);
  });

  test('and is refused: the status is told, to the viewer too', async () => {
    answer = { status: 409, type: 'text/plain', body: new Uint8Array() };
    const told: Error[] = [];
    const errorInterceptor = (error: Error) => void told.push(error);
    await expect(transferBeside(client({ errorInterceptor }))!.post(object)).rejects.toMatchObject({ status: 409 });
    expect(told).toHaveLength(1);
  });
});

describe('an object that is fetched', () => {
  test.each([
    ['in a frame', 'multipart/related; type="application/dicom"; boundary=frame', framed(object)],
    ['in a frame, quoted', 'multipart/related; boundary="frame"; type="application/dicom"', framed(object)],
    ['as it is', 'application/dicom', object],
  ])('%s comes out whole', async (_, type, body) => {
    answer = { status: 200, type, body };
    const got = await transferBeside(client())!.get(reference);
    expect(Buffer.from(got).equals(object)).toBe(true);
    expect(seen[0]?.path).toBe('/dicomweb/studies/1.2/series/1.2.3/instances/1.2.3.4');
    expect(seen[0]?.login).toBe('Bearer phantom');
  });

  test.each([
    ['cut', framed(object, '')],
    ['empty', new Uint8Array()],
    ['another thing', new TextEncoder().encode('<html>')],
  ])('%s is refused', async (_, body) => {
    answer = { status: 200, type: 'multipart/related; boundary=frame', body };
    await expect(transferBeside(client())!.get(reference)).rejects.toMatchObject({ code: 'pacs.bad-answer' });
  });

  test('and is not there: the status is told', async () => {
    answer = { status: 404, type: 'text/plain', body: new Uint8Array() };
    await expect(transferBeside(client())!.get(reference)).rejects.toMatchObject({ status: 404 });
  });
});

test('where a site has put something between client and archive, the client is used', () => {
  expect(transferBeside(client({ requestHooks: [() => undefined] }))).toBeNull();
  const { wadoURL, ...other } = client();
  expect(typeof wadoURL).toBe('string');
  expect(transferBeside(other)).toBeNull();
});
