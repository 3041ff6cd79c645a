/** Reads an attachment or a raw message from the packs that it lies in, and gives it away only if its SHA-256 is right. */
import type { KeptFile, KeptPart } from '../shared/engine.ts';
import type { Segment } from '../shared/manifest.ts';
import { ProblemError } from '../shared/problem.ts';
import { join } from './bytes.ts';
import { Sha256 } from './sha256.ts';
import type { ReadOptions, Source } from './source.ts';

/** Where files are read that no segment names, as if each were a segment of one shard. */
export type Packs = (files: readonly Segment[]) => Source;

/** What a browser is asked to hold in one go. */
const MOST_BYTES = 1 << 30;

export async function readFile(file: KeptFile, packs: Packs, signal: AbortSignal): Promise<ArrayBuffer | null> {
  if (file.parts === null) return null;
  if (file.size > MOST_BYTES) throw new ProblemError({ kind: 'engine', detail: 'this file is too large for a browser' });
  // What is wrong may be a copy on the way: the second look passes by every cache.
  const bytes = (await attempt(file, packs, { signal, fresh: false })) ?? (await attempt(file, packs, { signal, fresh: true }));
  if (bytes !== null) return bytes;
  const names = new Set(file.parts.map((part) => part.name));
  throw new ProblemError({ kind: 'damaged', file: [...names].join(', '), detail: 'its SHA-256 is not the one in the archive' });
}

/** Null where the bytes are not the right ones. */
async function attempt(file: KeptFile, packs: Packs, options: ReadOptions): Promise<ArrayBuffer | null> {
  const hash = new Sha256();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (const part of file.parts ?? []) {
    const piece = await read(part, packs, options);
    if (piece === null) return null;
    hash.update(piece);
    pieces.push(piece);
  }
  return hash.hex() === file.sha256 ? join(pieces).buffer : null;
}

async function read(part: KeptPart, packs: Packs, options: ReadOptions): Promise<Uint8Array<ArrayBuffer> | null> {
  const { name, packLength: length, at, stored, skip } = part;
  const shards = [{ offset: 0, length, name }];
  const source = packs([{ kind: 'pack', messages: 0, length, front: '', frontLength: 0, shards }]);
  const chunks = await source.read([{ segment: 0, offset: at, length: stored }], options);
  const chunk = chunks.find(({ offset, bytes }) => offset <= at && at + stored <= offset + bytes.length);
  if (chunk === undefined) return null;
  const frame = chunk.bytes.slice(at - chunk.offset, at - chunk.offset + stored);
  const until = skip + part.length;
  const content = part.packed ? await inflate(frame, until) : frame.subarray(0, until);
  return content?.length === until ? content.slice(skip) : null;
}

/** The first `most` bytes that a frame unpacks to, whatever it would go on to; null where it is damaged. */
async function inflate(frame: Uint8Array<ArrayBuffer>, most: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const content = new Uint8Array(most);
  let at = 0;
  try {
    // Written by hand: WebKit does not stream a Blob in a page that was opened from a disk.
    const stream = new DecompressionStream('deflate-raw');
    const writer = stream.writable.getWriter();
    const ignore = (): void => {};
    writer.write(frame).catch(ignore);
    writer.close().catch(ignore);
    const reader = stream.readable.getReader();
    while (at < most) {
      const { value } = await reader.read();
      if (value === undefined) break;
      const part = value.subarray(0, most - at);
      content.set(part, at);
      at += part.length;
    }
    await reader.cancel();
  } catch {
    return null;
  }
  return content.subarray(0, at);
}
