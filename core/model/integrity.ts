import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { OverreadError } from '../errors/index.ts';

/** What a manifest says a file is. */
export interface FileClaim {
  /** SHA-256 of the content, lower-case hexadecimal. */
  readonly sha256: string;
  /** Size in bytes. */
  readonly bytes: number;
}

/** SHA-256 as lower-case hexadecimal. A library's, because `crypto.subtle` is absent on plain HTTP. */
export function sha256Hex(content: Uint8Array): string {
  return bytesToHex(sha256(content));
}

/** True when the content is what the claim says. */
export function matchesClaim(content: Uint8Array, claim: FileClaim): boolean {
  return content.byteLength === claim.bytes && sha256Hex(content) === claim.sha256;
}

/**
 * Passes the content through when it is what the claim says.
 *
 * @throws OverreadError `model.file-damaged` naming the file, what was expected and what came.
 */
export function verifyFile(file: string, content: Uint8Array, claim: FileClaim): Uint8Array {
  if (content.byteLength !== claim.bytes) {
    throw new OverreadError('model.file-damaged', {
      why: `${file} has ${content.byteLength} bytes where the manifest says ${claim.bytes}`,
      details: { file, expectedBytes: claim.bytes, bytes: content.byteLength },
    });
  }
  const digest = sha256Hex(content);
  if (digest !== claim.sha256) {
    throw new OverreadError('model.file-damaged', {
      why: `${file} has SHA-256 ${digest} where the manifest says ${claim.sha256}`,
      details: { file, expectedSha256: claim.sha256, sha256: digest },
    });
  }
  return content;
}
