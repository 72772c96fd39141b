import { unzipSync, zipSync, type Zippable } from 'fflate';
import { OverreadError, reasonOf } from '../errors/index.ts';
import { sha256Hex } from './integrity.ts';
import type { FetchModelFile } from './load-model.ts';

/** Files of a model package by their path in it: `model.json`, the graph, the card. */
export type PackageFiles = Readonly<Record<string, Uint8Array>>;

/** Beside the files of the package, a pack holds their checksums in the form that `sha256sum --check` reads. */
const checksumFile = 'SHA256SUMS';

/** More files than any package has, and more bytes than ONNX Runtime takes: what is beyond is no pack. */
const limits = { files: 256, bytes: 8 * 2 ** 30 } as const;

const pathForm = /^(?!\/)(?!.*\.\.)[\w./-]+$/;

/** The earliest time that ZIP knows, in local time as ZIP keeps it: the same files always give the same bytes. */
const noTime = new Date(1980, 0, 1);

/** A model package as one file (ZIP); the same files give the same bytes. Weights hardly shrink, so graphs are stored as they are. */
export function packModel(files: PackageFiles): Uint8Array {
  const paths = Object.keys(files).sort();
  const sums = paths.map((path) => `${sha256Hex(files[path]!)}  ${path}\n`).join('');
  const entries: Zippable = { [checksumFile]: new TextEncoder().encode(sums) };
  for (const path of paths) entries[path] = path.endsWith('.onnx') ? [files[path]!, { level: 0 }] : files[path]!;
  return zipSync(entries, { mtime: noTime, os: 3, level: 9 });
}

/**
 * The files of a pack, checked against its checksums.
 * @throws OverreadError `model.pack-damaged`
 */
export function unpackModel(pack: Uint8Array): PackageFiles {
  const { [checksumFile]: sums, ...files } = readZip(pack);
  if (sums === undefined) throw damaged(`it holds no ${checksumFile}`);
  const expected = new Map(
    new TextDecoder()
      .decode(sums)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(66), line.slice(0, 64)] as const),
  );
  for (const [path, content] of Object.entries(files)) {
    if (expected.get(path) !== sha256Hex(content)) throw damaged(`${path} is not what ${checksumFile} says`);
    expected.delete(path);
  }
  const [missing] = expected.keys();
  if (missing !== undefined) throw damaged(`${missing.slice(0, 100)} is missing`);
  return files;
}

/** Reads the files of a pack for `loadModel`. @throws OverreadError `model.pack-damaged` */
export function packedFiles(pack: Uint8Array): FetchModelFile {
  const files = unpackModel(pack);
  return (path) => {
    const content = Object.hasOwn(files, path) ? files[path] : undefined;
    if (content !== undefined) return Promise.resolve(content);
    return Promise.reject(new OverreadError('model.file-missing', { why: path, details: { file: path } }));
  };
}

/** `model.json` of a pack alone, which takes no checking of its graph. @throws OverreadError `model.pack-damaged` */
export function packedManifest(pack: Uint8Array): Uint8Array {
  const { 'model.json': manifest } = readZip(pack, (name) => name === 'model.json');
  if (manifest === undefined) throw damaged('model.json is missing');
  return manifest;
}

/** @param wanted by name; absent: all files */
function readZip(pack: Uint8Array, wanted: (name: string) => boolean = () => true): Record<string, Uint8Array> {
  let [files, bytes] = [0, 0];
  try {
    return unzipSync(pack, {
      filter({ name, originalSize }) {
        if (!pathForm.test(name)) throw damaged('it holds a file whose name no package has');
        if (++files > limits.files) throw damaged(`it holds more than ${limits.files} files`);
        bytes += originalSize;
        // What is declared is what is allocated: a small file must not claim the memory of the machine.
        if (bytes > Math.min(limits.bytes, pack.length * mostShrinkage))
          throw damaged('it claims more than it can hold');
        return wanted(name);
      },
    });
  } catch (error) {
    if (error instanceof OverreadError) throw error;
    throw damaged(reasonOf(error), error);
  }
}

/** Deflate cannot shrink further than this. */
const mostShrinkage = 1032;

function damaged(why: string, cause?: unknown): OverreadError {
  return new OverreadError('model.pack-damaged', { why, cause });
}
