/** The manifest: the one file of a site that changes, naming the segments and the shards that their bytes lie in. */

export interface Shard {
  /** In the segment's blob: the bytes of the shards before it, which the file leaves out. */
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

/** Shard names are paths of plain characters below the manifest: nothing else is ever fetched. */
const SHARD_NAME = /^(?!.*\.\.)[A-Za-z0-9_-][A-Za-z0-9_.-]*(\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$/;

/** Reads a manifest; throws an `Error` that says what is wrong with it. */
export function parseManifest(text: string): Manifest {
  const root = record(JSON.parse(text), 'the manifest');
  const format = root['format'];
  if (format !== 1) {
    throw new Error(`expected format 1, found ${JSON.stringify(format)}: the archive was built by another version`);
  }
  const segments = list(root['segments'], 'segments').map(parseSegment);
  return { format, title: string(root['title'], 'title'), segments };
}

function parseSegment(value: unknown, idx: number): Segment {
  const what = `segment ${idx}`;
  const from = record(value, what);
  const length = size(from['length'], `${what}: length`);
  const shards: Shard[] = [];
  let end = 0;
  for (const [at, entry] of list(from['shards'], `${what}: shards`).entries()) {
    const shard = parseShard(entry, end, `${what}, shard ${at}`);
    shards.push(shard);
    end += shard.length;
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

function parseShard(value: unknown, offset: number, what: string): Shard {
  const from = record(value, what);
  const name = string(from['name'], `${what}: name`);
  if (!SHARD_NAME.test(name)) throw new Error(`${what}: ${JSON.stringify(name)} is not a path inside the archive`);
  const length = size(from['length'], `${what}: length`);
  if (length === 0) throw new Error(`${what}: is empty`);
  return { offset, length, name };
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
