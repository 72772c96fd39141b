import { describe, expect, it } from 'vitest';
import { loadModel, sha256Hex, type FetchModelFile, type Manifest } from '@overread/core/model';
import { tinyManifest } from '../../../support/tiny-manifest.ts';

const graph = new Uint8Array([8, 7, 6, 5]);
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

function serve(manifest: Manifest, content: Uint8Array): FetchModelFile {
  return (path) => Promise.resolve(path === 'model.json' ? encode(manifest) : content);
}

describe('loading a model package', () => {
  it('answers manifest, graph and a digest that any change alters', async () => {
    const manifest = tinyManifest(graph);
    const loaded = await loadModel(serve(manifest, graph));
    expect(loaded.manifest).toEqual(manifest);
    expect(loaded.graph).toEqual(graph);
    expect(loaded.digest).toBe(sha256Hex(encode(manifest)));
    const other = await loadModel(serve(tinyManifest(graph, { version: '1.0.1' }), graph));
    expect(other.digest).not.toBe(loaded.digest);
  });

  it('asks for the graph with what it must be, so that a cache can find it', async () => {
    const asked: unknown[] = [];
    const manifest = tinyManifest(graph);
    await loadModel((path, claim) => {
      asked.push([path, claim?.sha256 ?? null]);
      return serve(manifest, graph)(path, claim);
    });
    expect(asked).toEqual([
      ['model.json', null],
      ['graph.onnx', sha256Hex(graph)],
    ]);
  });

  it('refuses a graph of another checksum, naming file, expected and got', async () => {
    const changed = new Uint8Array([8, 7, 6, 4]);
    await expect(loadModel(serve(tinyManifest(graph), changed))).rejects.toMatchObject({
      code: 'model.file-damaged',
      details: { file: 'graph.onnx', expectedSha256: sha256Hex(graph), sha256: sha256Hex(changed) },
    });
  });

  it('refuses a graph cut short, with both sizes', async () => {
    await expect(loadModel(serve(tinyManifest(graph), graph.subarray(0, 3)))).rejects.toMatchObject({
      code: 'model.file-damaged',
      message: expect.stringContaining('graph.onnx has 3 bytes where the manifest says 4') as string,
    });
  });

  it('knows the SHA-256 of the FIPS 180-4 example', () => {
    expect(sha256Hex(new TextEncoder().encode('abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
