/** The browser's database as a shelf. Each archive has one of its own: all sites of `user.github.io` share an origin. */
import type { Piece, Shelf } from './kept-source.ts';

/**
 * A database that does not answer must not hold up the archive: some private windows never open one, and WebKit's may
 * open and then wait for ever for a page that was left in the midst of a write.
 */
const PATIENCE_MS = 1000;

/** Opens the shelf of the archive at this address; null where the browser keeps nothing. */
export async function openShelf(address: string): Promise<Shelf | null> {
  if (typeof indexedDB === 'undefined') return null;
  return await open(`maildex ${address}`).catch(() => null);
}

async function open(name: string): Promise<Shelf> {
  const done = answers();
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    // What is where lies apart from the bytes, so that it can be read without them.
    request.result.createObjectStore('pieces', { keyPath: 'id', autoIncrement: true });
    request.result.createObjectStore('bytes');
  };
  const database = await done(request);
  const stores = (mode: IDBTransactionMode): [pieces: IDBObjectStore, bytes: IDBObjectStore] => {
    const transaction = database.transaction(['pieces', 'bytes'], mode);
    return [transaction.objectStore('pieces'), transaction.objectStore('bytes')];
  };
  return {
    list: async () => (await done(stores('readonly')[0].getAll())) as Piece[],
    read: async (id) => ((await done(stores('readonly')[1].get(id))) as Uint8Array<ArrayBuffer> | undefined) ?? null,
    add: async (shard, from, bytes) => {
      const [pieces, contents] = stores('readwrite');
      const id = (await done(pieces.add({ shard, from, length: bytes.length }))) as number;
      // A view would take all of what it is a view of along.
      await done(contents.put(bytes.slice(), id));
      return id;
    },
    drop: async (ids) => {
      if (ids.length === 0) return;
      const [pieces, contents] = stores('readwrite');
      await Promise.all(ids.flatMap((id) => [done(pieces.delete(id)), done(contents.delete(id))]));
    },
  };
}

/** What waits for the answers of one database; when none has come for a while, it gives up on this and all further ones. */
function answers(): <T>(request: IDBRequest<T>) => Promise<T> {
  let last = 0;
  let silent = false;
  return (request) =>
    new Promise((resolve, reject) => {
      const asked = performance.now();
      const look = (): void => {
        silent ||= performance.now() - Math.max(asked, last) >= PATIENCE_MS;
        if (silent) reject(new Error('the database does not answer'));
        else timer = setTimeout(look, PATIENCE_MS);
      };
      let timer: ReturnType<typeof setTimeout> | undefined;
      if (silent) look();
      else timer = setTimeout(look, PATIENCE_MS);
      request.onsuccess = () => {
        clearTimeout(timer);
        last = performance.now();
        resolve(request.result);
      };
      request.onerror = () => {
        clearTimeout(timer);
        reject(request.error ?? new Error('the database failed'));
      };
    });
}
