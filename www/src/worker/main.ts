/** The worker's entry: opens the archive that the page hands over, then answers questions. */
import init from 'maildex-wasm';
import { decodeBase64 } from '../shared/base64.ts';
import type { Engine } from '../shared/engine.ts';
import { parseManifest, type Manifest } from '../shared/manifest.ts';
import { ProblemError } from '../shared/problem.ts';
import type { FromWorker, ToWorker } from '../shared/protocol.ts';
import { Archive, type ReadFile } from './archive.ts';
import { Desk, problemOf } from './desk.ts';
import type { Host } from './download.ts';
import { readFile, type Packs } from './files.ts';
import { InFlight } from './in-flight.ts';
import { KeptSource } from './kept-source.ts';
import { PageSource } from './page-source.ts';
import { openShelf } from './shelf.ts';
import { SiteSource } from './site-source.ts';
import { createEngine } from './wasm-engine.ts';

/** Whether this is the worker of the full engine, which alone is asked for files; `build.mjs` says so. */
declare const MAILDEX_FULL: boolean;

declare const self: DedicatedWorkerGlobalScope;

let desk: Desk | null = null;
let page: PageSource | null = null;

self.onmessage = (event: MessageEvent<ToWorker>): void => {
  const message = event.data;
  switch (message.kind) {
    case 'start': {
      const archive = open(message.wasm, message.manifest, message.base);
      archive
        .then(({ engine }) => post({ kind: 'ready', info: engine.info() }))
        .catch((error: unknown) => post({ kind: 'closed', problem: problemOf(error) }));
      desk = new Desk(archive, post);
      break;
    }
    case 'ask':
      void desk?.ask(message.id, message.question);
      break;
    case 'cancel':
      desk?.cancel(message.id);
      break;
    case 'fetched':
    case 'unfetched':
      page?.receive(message);
      break;
  }
};

async function open(wasm: ArrayBuffer, manifestBytes: ArrayBuffer, base: string | null): Promise<Archive> {
  const manifest = readManifest(manifestBytes);
  await init({ module_or_path: wasm });
  const start = (): Engine => {
    const engine = createEngine();
    for (const { kind, messages, front, frontLength } of manifest.segments) {
      if (front === '') engine.expect(kind, messages, frontLength);
      else engine.open(decodeBase64(front));
    }
    return engine;
  };
  if (base !== null) {
    const host = hostAt(base);
    const site = new SiteSource(host, manifest.segments);
    const source = new KeptSource(site, manifest.segments, openShelf(new URL('.', base).href));
    return new Archive({ start, source, readFile: reader((files) => new SiteSource(host, files, site.tally)) });
  }
  const source = new PageSource(manifest.segments, post);
  page = source;
  return new Archive({ start, source, readFile: reader((files) => source.over(files)) });
}

function reader(packs: Packs): ReadFile {
  return MAILDEX_FULL ? (file, signal) => readFile(file, packs, signal) : () => Promise.resolve(null);
}

function readManifest(bytes: ArrayBuffer): Manifest {
  try {
    return parseManifest(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new ProblemError({ kind: 'manifest', detail: error instanceof Error ? error.message : String(error) });
  }
}

function hostAt(base: string): Host {
  return {
    base,
    inFlight: new InFlight(),
    fetch: (url, request) => self.fetch(url, request),
    online: () => self.navigator.onLine,
    wait: (ms, signal) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(resolve, ms);
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          reject(signal.reason);
        });
      }),
  };
}

function post(message: FromWorker): void {
  const bytes = message.kind === 'answer' && message.name === 'file' ? message.value.bytes : null;
  self.postMessage(message, bytes === null ? [] : [bytes]);
}
