/** The browser's database as a shelf. Each archive has one of its own: all sites of `user.github.io` share an origin. */
import type { Piece, Shelf } from './kept-source.ts';

/** A database that does not open, as happens in some private windows, must not hold up the archive. */
const PATIENCE_MS = 1000;

/** Opens the shelf of the archive at this address; null where the browser keeps nothing. */
export async function openShelf(address: string): Promise<Shelf | null> {
  if (typeof indexedDB === 'undefined') return null;
  const late = new Promise<null>((resolve) => setTimeout(resolve, PATIENCE_MS, null));
  return await Promise.race([open(`maildex ${address}`), late]).catch(() => null);
}

async function open(name: string): Promise<Shelf> {
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

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the database failed'));
  });
}
