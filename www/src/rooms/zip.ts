/**
 * A zip archive of files as they are: stored, not compressed, as mail in it is mostly packed already or small (APPNOTE.TXT
 * 6.3, without zip64). Each file passes through once, and the result is a list of parts that a `Blob` takes.
 */

export type ZipPart = Uint8Array<ArrayBuffer>;

/** What an archive without zip64 can hold. */
const MOST_FILES = 0xffff;
const MOST_BYTES = 0xffff_ffff;

/** A file that the archive has no room for. */
export class ZipFull extends Error {}

export class Zip {
  readonly #files: Blob[] = [];
  readonly #directory: ZipPart[] = [];
  readonly #names = new Set<string>();
  #length = 0;
  #directoryLength = 0;

  /** Adds a file under a name that must be safe already; one that is taken gets a number. `date` in Unix seconds. */
  add(name: string, date: number | null, contents: readonly ZipPart[]): void {
    const free = this.#free(name);
    const encoded = new TextEncoder().encode(free);
    const size = contents.reduce((sum, part) => sum + part.length, 0);
    // What follows the last file needs room, too.
    const after = this.#length + this.#directoryLength + size + 2 * encoded.length + 200;
    if (this.#names.size >= MOST_FILES || after > MOST_BYTES) throw new ZipFull();
    this.#names.add(free.toLowerCase());
    const head = [[2, 20], [2, UTF8], [2, 0], [4, dosTime(date)], [4, crc32(contents)], [4, size], [4, size], [2, encoded.length], [2, 0]] as const;
    const local = record([[4, 0x04034b50], ...head]);
    // Made by version 2.0; no comment, first disk, no attributes; where the file begins.
    this.#enter(record([[4, 0x02014b50], [2, 20], ...head, [2, 0], [2, 0], [2, 0], [4, 0], [4, this.#length]]), encoded);
    // A blob may lie on the disk until it is saved: not all of a large archive is in memory.
    this.#files.push(new Blob([local, encoded, ...contents]));
    this.#length += local.length + encoded.length + size;
  }

  /** All of it; nothing can be added afterwards. */
  end(): readonly BlobPart[] {
    const files = this.#names.size;
    const end = record([[4, 0x06054b50], [2, 0], [2, 0], [2, files], [2, files], [4, this.#directoryLength], [4, this.#length], [2, 0]]);
    return [...this.#files, ...this.#directory, end];
  }

  #enter(entry: ZipPart, name: ZipPart): void {
    this.#directory.push(entry, name);
    this.#directoryLength += entry.length + name.length;
  }

  /** Some systems take names that differ by case for the same. */
  #free(name: string): string {
    const [, stem = name, ending = ''] = /^(.*?)(\.[^.]*)?$/s.exec(name) ?? [];
    let free = name;
    for (let n = 2; this.#names.has(free.toLowerCase()); n++) free = `${stem}-${n}${ending}`;
    return free;
  }
}

/** General purpose bit 11: names are UTF-8. */
const UTF8 = 1 << 11;

function record(fields: readonly (readonly [bytes: number, value: number])[]): ZipPart {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [bytes]) => sum + bytes, 0)));
  let at = 0;
  for (const [bytes, value] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  return new Uint8Array(view.buffer);
}

/** Date and time as MS-DOS has them, in UTC, from 1980 to 2107; the first of them where there is none. */
function dosTime(seconds: number | null): number {
  const date = new Date((seconds ?? 0) * 1000);
  const year = date.getUTCFullYear() - 1980;
  if (!(year >= 0 && year < 128)) return (1 << 21) | (1 << 16);
  const day = (year << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
  return ((day << 16) | (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1)) >>> 0;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = (sum & 1) === 1 ? 0xedb88320 ^ (sum >>> 1) : sum >>> 1;
  return sum;
});

/** CRC-32 as zip, gzip and PNG have it. */
export function crc32(parts: readonly Uint8Array[]): number {
  let sum = 0xffff_ffff;
  for (const part of parts) for (const byte of part) sum = (TABLE[(sum ^ byte) & 0xff] ?? 0) ^ (sum >>> 8);
  return (sum ^ 0xffff_ffff) >>> 0;
}
