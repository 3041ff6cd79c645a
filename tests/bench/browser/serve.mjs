// A static host on the loopback address that counts what crosses the wire.
//
// Bodies only: headers are some 200 bytes a request on HTTP/1.1, less on HTTP/2. Types that hosts compress (mime-db
// calls them compressible) are sent as gzip at its usual level; parts of files never are. Nothing may be cached, so a
// reader that starts anew reads anew, unless caching is wished for. Two headers isolate the pages, which gives them a clock of 5 µs instead of 100.

import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES = {
  '.css': 'text/css', '.html': 'text/html', '.js': 'text/javascript', '.json': 'application/json',
  '.mjs': 'text/javascript', '.wasm': 'application/wasm',
};
const HEADERS = {
  'cache-control': 'no-store',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-opener-policy': 'same-origin',
};

/**
 * Serves folders or files under prefixes, the longest prefix first.
 * @param {Record<string, string>} mounts
 * @param {{ ranges?: boolean, caching?: boolean }} options without ranges it is like the hosts that cannot give parts
 *   of files; with caching, everything may be kept for ten minutes, as GitHub Pages has it
 */
export function serve(mounts, { ranges = true, caching = false } = {}) {
  const base = caching ? { ...HEADERS, 'cache-control': 'max-age=600' } : HEADERS;
  const log = [];
  const packed = new Map();
  const prefixes = Object.keys(mounts).sort((a, b) => b.length - a.length);

  function fileOf(url) {
    const path = normalize(decodeURIComponent(new URL(url, 'http://host').pathname));
    const prefix = prefixes.find((prefix) => path.startsWith(prefix));
    if (prefix === undefined) return null;
    const file = join(mounts[prefix], path.slice(prefix.length));
    const found = [file, join(file, 'index.html')].find((name) => statSync(name, { throwIfNoEntry: false })?.isFile());
    return found === undefined ? null : { path, file: found, size: statSync(found).size };
  }

  const server = createServer((request, response) => {
    const found = fileOf(request.url);
    if (found === null) {
      response.writeHead(404, HEADERS).end();
      return;
    }
    const { path, file, size } = found;
    const type = TYPES[extname(file)];
    const headers = { ...base, 'content-type': type ?? 'application/octet-stream' };
    if (ranges) headers['accept-ranges'] = 'bytes';
    if (request.method === 'HEAD') {
      log.push({ path, status: 200, bytes: 0 });
      response.writeHead(200, { ...headers, 'content-length': size }).end();
      return;
    }
    const part = ranges ? /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') : null;
    if (part !== null) {
      const [start, end] = [Number(part[1]), Math.min(part[2] === '' ? Infinity : Number(part[2]), size - 1)];
      log.push({ path, status: 206, bytes: end - start + 1 });
      const told = { 'content-length': end - start + 1, 'content-range': `bytes ${start}-${end}/${size}` };
      response.writeHead(206, { ...headers, ...told });
      createReadStream(file, { start, end }).pipe(response);
      return;
    }
    if (type !== undefined) {
      if (!packed.has(file)) packed.set(file, gzipSync(readFileSync(file)));
      const body = packed.get(file);
      log.push({ path, status: 200, bytes: body.length });
      response.writeHead(200, { ...headers, 'content-encoding': 'gzip', 'content-length': body.length }).end(body);
      return;
    }
    log.push({ path, status: 200, bytes: size });
    response.writeHead(200, { ...headers, 'content-length': size });
    createReadStream(file).pipe(response);
  });

  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({
        url: `http://127.0.0.1:${server.address().port}/`,
        /** What was asked for since the last call. */
        take: () => log.splice(0),
        /** Waits until nothing has been asked for a while. */
        async quiet(ms = 400) {
          for (let before = -1; before !== log.length; ) {
            before = log.length;
            await new Promise((resolve) => setTimeout(resolve, ms));
          }
        },
        close: () => server.close(),
      });
    });
  });
}

/** The sum of what was asked for, of the paths that a test likes. */
export function sum(log, likes = () => true) {
  const rows = log.filter(({ path }) => likes(path));
  return { bytes: rows.reduce((total, row) => total + row.bytes, 0), requests: rows.length };
}
