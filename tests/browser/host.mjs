// A web host as one meets them: gives the files of a folder, well or in one of the ways in which hosts fail, and
// notes what it was asked.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.xml': 'application/xml',
};

/**
 * What a host does with a request for a shard. `answer(status, headers, bytes)` ends it; `tries` counts the requests
 * for this part. Whatever is no shard is given as a good host gives it.
 *
 * @typedef {{ path: string, range: [number, number] | null, bytes: Buffer, tries: number, socket: import('node:net').Socket,
 *   answer: (status: number, headers: object, bytes: Buffer | string) => void }} Asked
 * @type {Record<string, (asked: Asked) => void | Promise<void>>}
 */
export const ways = {
  good: part,
  'without ranges': (asked) => asked.answer(200, {}, asked.bytes),
  /** As a proxy that compresses what passes: the range is one of the compressed bytes. */
  'that compresses, and then cuts': (asked) => {
    const packed = gzipSync(asked.bytes);
    if (asked.range === null) return asked.answer(200, { 'Content-Encoding': 'gzip' }, packed);
    const [from, to] = asked.range;
    const headers = { 'Content-Encoding': 'gzip', 'Content-Range': `bytes ${from}-${to}/${packed.length}` };
    asked.answer(206, headers, packed.subarray(from, to + 1));
  },
  'with a wrong Content-Range': (asked) => {
    if (asked.range === null) return part(asked);
    asked.answer(206, { 'Content-Range': `bytes 0-9/${asked.bytes.length}` }, asked.bytes.subarray(0, 10));
  },
  /** The range by its header, other bytes: nothing but the checksum shows it. */
  'with other bytes than its Content-Range says': (asked) => {
    if (asked.range === null) return part(asked);
    const [from, to] = asked.range;
    const shift = from > 2 ? -3 : 0;
    asked.answer(206, range(asked), asked.bytes.subarray(from + shift, to + shift + 1));
  },
  'that is too busy at first': (asked) =>
    asked.tries % 3 === 0 ? part(asked) : asked.answer(asked.tries % 3 === 1 ? 429 : 503, { 'Retry-After': '0' }, 'later'),
  'that cuts the connection at first': (asked) => {
    if (asked.tries % 2 === 0) return part(asked);
    asked.answer(200, { 'Content-Length': asked.bytes.length }, asked.bytes.subarray(0, 20));
    setTimeout(() => asked.socket.destroy(), 20);
  },
  'with cut files': (asked) => part({ ...asked, bytes: asked.bytes.subarray(0, asked.bytes.length >> 1) }),
  'without the shards': (asked) => asked.answer(404, {}, 'not here'),
  /** As hosts of single-page applications do. */
  'that gives its front page for what is not there': (asked) => asked.answer(200, { 'Content-Type': 'text/html' }, '<!doctype html><p>Welcome'),
  'that is always too busy': (asked) => asked.answer(503, { 'Retry-After': '0' }, 'later'),
  'that is slow': async (asked) => {
    await new Promise((resolve) => setTimeout(resolve, 2500));
    part(asked);
  },
};

function part(asked) {
  if (asked.range === null) return asked.answer(200, { 'Accept-Ranges': 'bytes' }, asked.bytes);
  const [from, to] = asked.range;
  if (from >= asked.bytes.length) return asked.answer(416, {}, '');
  asked.answer(206, range(asked), asked.bytes.subarray(from, to + 1));
}

function range({ range: [from, to], bytes }) {
  return { 'Accept-Ranges': 'bytes', 'Content-Range': `bytes ${from}-${Math.min(to, bytes.length - 1)}/${bytes.length}` };
}

/**
 * Serves a folder below `/some/path/` in one of the ways. `asked` are the paths that were asked for, in order; `way` and
 * `folder` may be changed while it runs; a `forgetful` host forbids every cache, and
 * `rewrite` changes files on their way.
 */
export async function host(folder, way = 'good') {
  const self = { folder, way, forgetful: false, rewrite: (_, bytes) => bytes, asked: [], url: '', end: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())) };
  const tries = new Map();
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://a').pathname).replace(/^\/some\/path\//, '') || 'index.html';
    self.asked.push(path);
    const found = await readFile(join(self.folder, normalize(`/${path}`))).catch(() => null);
    const bytes = found && self.rewrite(path, found);
    const answer = (status, headers, body) => {
      const type = TYPES[extname(path)] ?? 'application/x-7z-compressed';
      const fixed = status >= 400 || self.forgetful ? 'no-store' : /^(d|assets)\//.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
      response.writeHead(status, { 'Content-Type': type, 'Cache-Control': fixed, 'Content-Length': body.length, 'Access-Control-Allow-Origin': '*', ...headers });
      // What is announced and not sent is a connection that breaks.
      if (Number(headers['Content-Length'] ?? body.length) > body.length) response.write(body);
      else response.end(body);
    };
    if (bytes === null) return answer(404, { 'Cache-Control': 'no-store' }, 'not here');
    const told = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const asked = { path, bytes, answer, socket: request.socket, range: told === null ? null : [Number(told[1]), Number(told[2])] };
    if (!path.startsWith('d/')) return part({ ...asked, range: null });
    const same = `${path} ${request.headers.range}`;
    tries.set(same, (tries.get(same) ?? 0) + 1);
    await ways[self.way]({ ...asked, tries: tries.get(same) });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  self.url = `http://127.0.0.1:${server.address().port}/some/path/`;
  return self;
}
