import { unzipSync, zipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOverreadError } from '@overread/core/errors';
import { loadModel, packedFiles, packedManifest, packModel, sha256Hex, unpackModel } from '@overread/core/model';
import { tinyManifest } from '../../../support/tiny-manifest.ts';

const graph = Uint8Array.from({ length: 4000 }, (_, n) => (n * 37) % 251);
const text = (value: string) => new TextEncoder().encode(value);
const files = {
  'model.json': text(JSON.stringify(tinyManifest(graph))),
  'graph.onnx': graph,
  'card.md': text('# Tiny\n'),
};

const codeOf = (read: () => unknown): string => {
  try {
    read();
    return 'read';
  } catch (error) {
    if (!isOverreadError(error)) throw error;
    return error.code;
  }
};

describe('a pack', () => {
  it('gives back the files that went in', () => {
    expect(unpackModel(packModel(files))).toEqual(files);
  });

  it('is the same bytes whatever the order, the clock and the time zone', () => {
    const turned = Object.fromEntries(Object.entries(files).reverse());
    expect(sha256Hex(packModel(turned))).toBe(sha256Hex(packModel(files)));
    const two = { 'card.md': text('# Tiny\n'), 'graph.onnx': Uint8Array.of(1, 2, 3) };
    expect(sha256Hex(packModel(two))).toBe('d713162a95a39bab6e1223c345d74e7dc43dbff92fefad7cfeab196c78692b49');
  });

  it('holds checksums that a person can check', () => {
    const sums = new TextDecoder().decode(unzipSync(packModel(files))['SHA256SUMS']);
    expect(sums).toContain(`${sha256Hex(graph)}  graph.onnx\n`);
    expect(sums.trim().split('\n')).toHaveLength(3);
  });

  it('loads as a folder does', async () => {
    const loaded = await loadModel(packedFiles(packModel(files)));
    expect(loaded.manifest.id).toBe('tiny-test');
    expect(loaded.graph).toEqual(graph);
    expect(loaded.digest).toBe(sha256Hex(files['model.json']));
    expect(packedManifest(packModel(files))).toEqual(files['model.json']);
  });

  it('names a file that is not in it', async () => {
    const pack = packModel({ 'model.json': files['model.json'] });
    await expect(loadModel(packedFiles(pack))).rejects.toMatchObject({ code: 'model.file-missing', why: 'graph.onnx' });
  });
});

describe('a damaged or hostile pack', () => {
  const good = unzipSync(packModel(files));

  it.each([
    ['an empty file', new Uint8Array(0), /invalid zip/],
    ['a truncated one', packModel(files).subarray(0, 2000), /invalid zip/],
    ['a ZIP of something else', zipSync({ 'a.txt': text('a') }), /no SHA256SUMS/],
    ['a changed file', zipSync({ ...good, 'card.md': text('# Other') }), /card\.md is not what/],
    ['a file too many', zipSync({ ...good, 'other.md': text('') }), /other\.md is not what/],
    ['a path that leaves the folder', zipSync({ ...good, '../escape': text('') }), /whose name no package has/],
    ['an absolute path', zipSync({ ...good, '/etc/passwd': text('') }), /whose name no package has/],
    [
      'a file too few',
      zipSync(Object.fromEntries(Object.entries(good).filter(([name]) => name !== 'card.md'))),
      /card\.md is missing/,
    ],
  ])('is refused: %s', (_, bytes, why) => {
    expect(codeOf(() => unpackModel(bytes))).toBe('model.pack-damaged');
    expect(() => unpackModel(bytes)).toThrow(why);
  });

  it('does not get the memory that it claims', () => {
    const pack = packModel({ 'model.json': text('{}') });
    const view = new DataView(pack.buffer, pack.byteOffset, pack.byteLength);
    // The uncompressed size in the first entry of the central directory (APPNOTE 4.3.12).
    for (let at = 0; at < pack.length - 4; at++) {
      if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 0xfffffff0, true);
    }
    expect(() => unpackModel(pack)).toThrow(/claims more than it can hold/);
  });

  it('is read or refused whatever bytes are changed', () => {
    const pack = packModel(files);
    const changes = fc.array(fc.tuple(fc.nat(pack.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    let refused = 0;
    fc.assert(
      fc.property(changes, (edits) => {
        const damaged = pack.slice();
        for (const [at, value] of edits) damaged[at] = value;
        const code = codeOf(() => unpackModel(damaged));
        expect(code).toMatch(/^(?:read|model\.pack-damaged)$/);
        if (code !== 'read') refused++;
      }),
      { numRuns: 1000 },
    );
    expect(refused).toBeGreaterThan(500);
  });
});
