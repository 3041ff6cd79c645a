/** The manifest: the one file of a site that changes, naming the segments and the shards that their bytes lie in. */

export interface Shard {
  /** In the segment's blob: the bytes of the shards before it. */
  readonly offset: number;
  readonly length: number;
  /** The path of the file, relative to the manifest. */
  readonly name: string;
}

export interface Segment {
  readonly kind: string;
  readonly messages: number;
  readonly length: number;
  /** Base64 of the first bytes, which opening reads; empty where they are read when their kind is asked for. */
  readonly front: string;
  readonly frontLength: number;
  /** In order, without gap or overlap. */
  readonly shards: readonly Shard[];
}

export interface Manifest {
  readonly format: 1;
  readonly title: string;
  readonly segments: readonly Segment[];
}

/** What the names of shards are made of, so that nothing but files below the manifest is ever fetched. */
const SEGMENT_ID = /^[0-9a-f]{20}$/;

/** A forged manifest must not fill the memory with the names of shards, of one segment or of all. */
const MAX_SHARDS = 1 << 16;
const MAX_SHARDS_IN_ALL = 1 << 18;

/** Reads a manifest; throws an `Error` that says what is wrong with it. */
export function parseManifest(text: string): Manifest {
  const root = record(JSON.parse(text), 'the manifest');
  const format = root['format'];
  if (format !== 1) {
    throw new Error(`expected format 1, found ${JSON.stringify(format)}: the archive was built by another version`);
  }
  let left = MAX_SHARDS_IN_ALL;
  const segments = list(root['segments'], 'segments').map((entry, idx) => {
    const segment = parseSegment(entry, idx);
    left -= segment.shards.length;
    if (left < 0) throw new Error(`expected at most ${MAX_SHARDS_IN_ALL} shards in all`);
    return segment;
  });
  return { format, title: string(root['title'], 'title'), segments };
}

function parseSegment(value: unknown, idx: number): Segment {
  const what = `segment ${idx}`;
  const from = record(value, what);
  const length = size(from['length'], `${what}: length`);
  const id = string(from['id'], `${what}: id`);
  if (!SEGMENT_ID.test(id)) throw new Error(`${what}: ${JSON.stringify(id)} is not the id of a segment`);
  const lengths = list(from['shards'], `${what}: shards`);
  if (lengths.length > MAX_SHARDS) throw new Error(`${what}: expected at most ${MAX_SHARDS} shards, found ${lengths.length}`);
  const shards: Shard[] = [];
  let end = 0;
  for (const [at, entry] of lengths.entries()) {
    const length = size(entry, `${what}, shard ${at}`);
    if (length === 0) throw new Error(`${what}, shard ${at}: is empty`);
    shards.push({ offset: end, length, name: `d/${id}/${at}.7z` });
    end += length;
  }
  if (end !== length) throw new Error(`${what}: expected ${length} bytes of shards, found ${end}`);
  return {
    kind: string(from['kind'], `${what}: kind`),
    messages: size(from['messages'], `${what}: messages`),
    length,
    front: string(from['front'], `${what}: front`),
    frontLength: size(from['frontLength'], `${what}: frontLength`),
    shards,
  };
}

function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${what}: expected an object`);
  return value as Record<string, unknown>;
}

function list(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw new Error(`${what}: expected a list`);
  return value;
}

function string(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new Error(`${what}: expected a text`);
  return value;
}

function size(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new Error(`${what}: expected a whole number`);
  }
  return value;
}
