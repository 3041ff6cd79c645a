import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { program, start } from './program.mjs';

/** The names of WebDriver for keys that are no character (W3C WebDriver, 17.4.2). */
const KEYS = {
  ArrowDown: '\ue015',
  ArrowUp: '\ue013',
  End: '\ue010',
  Enter: '\ue007',
  Escape: '\ue00c',
  Home: '\ue011',
  PageDown: '\ue00f',
  PageUp: '\ue00e',
  Tab: '\ue004',
};

export async function launchWebkit() {
  const folder = mkdtempSync(join(tmpdir(), 'maildex-webkit-'));
  // Xvfb looks for a free display by itself and writes its number to the file descriptor.
  const screen = await start(program('Xvfb'), ['-displayfd', '1', '-screen', '0', '1280x1000x24', '-nolisten', 'tcp'], {
    until: /^(\d+)\n/,
  });
  const port = await freePort();
  const driver = await start(program('WebKitWebDriver'), [`--port=${port}`, '--host=127.0.0.1'], {
    env: {
      ...process.env,
      DISPLAY: `:${screen.match[1]}`,
      HOME: folder,
      XDG_RUNTIME_DIR: folder,
      // Its sandbox needs user namespaces, which root in a container does not have; no graphics card, no session bus.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
      WEBKIT_DISABLE_COMPOSITING_MODE: '1',
      LIBGL_ALWAYS_SOFTWARE: '1',
      NO_AT_BRIDGE: '1',
      GSETTINGS_BACKEND: 'memory',
    },
  });
  const call = caller(`http://127.0.0.1:${port}`);
  await answering(call);
  // The driver holds one session at a time, so the page before is closed.
  let current = null;
  return {
    version: 'WebKitGTK',
    fresh: async () => {
      await current?.close();
      current = await session(call);
      return current;
    },
    close: async () => {
      await current?.close();
      driver.child.kill();
      screen.child.kill();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A port that is free now; the driver takes no 0. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function caller(base) {
  return async (method, path, body) => {
    const answer = await fetch(base + path, {
      method,
      headers: { 'content-type': 'application/json' },
      // Longer than any script may take; a port that another program took meanwhile may never answer.
      signal: AbortSignal.timeout(90_000),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  };
}

/** Resolves once the driver answers; it says nothing when it is ready. */
async function answering(call) {
  for (const deadline = Date.now() + 20_000; ; ) {
    try {
      return await call('GET', '/status');
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function session(call) {
  const options = { binary: miniBrowser(), args: ['--automation'] };
  const { sessionId } = await call('POST', '/session', {
    capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options, timeouts: { script: 60_000 } } },
  });
  const at = `/session/${sessionId}`;
  const keys = async (text) => {
    const active = await call('GET', `${at}/element/active`);
    await call('POST', `${at}/element/${Object.values(active)[0]}/value`, { text });
  };
  const evaluate = async (source) => {
    const script = `const done = arguments[arguments.length - 1];
      Promise.resolve().then(() => (${source})).then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const { value, error } = await call('POST', `${at}/execute/async`, { script, args: [] });
    if (error) throw new Error(error);
    return value;
  };
  let open = true;
  return {
    goto: async (url) => void (await call('POST', `${at}/url`, { url })),
    evaluate,
    type: keys,
    press: (key) => {
      if (key.length > 1 && KEYS[key] === undefined) throw new Error(`expected a key with a name here, found ${key}`);
      return keys(KEYS[key] ?? key);
    },
    // Not the driver's own: WebKit's back button passes over entries that a script made without a gesture.
    back: async () => void (await evaluate('history.back()')),
    resize: async (width, height) => void (await call('POST', `${at}/window/rect`, { width, height })),
    screenshot: async (file) => writeFileSync(file, Buffer.from(await call('GET', `${at}/screenshot`), 'base64')),
    close: async () => {
      if (open) await call('DELETE', at);
      open = false;
    },
  };
}

/** MiniBrowser lies in a folder of the library's version and of the machine's kind. */
function miniBrowser() {
  for (const folder of readdirSync('/usr/lib').filter((name) => name.includes('-linux-gnu'))) {
    const version = readdirSync(`/usr/lib/${folder}`).find((name) => /^webkit2?gtk-[46]/.test(name));
    if (version) return `/usr/lib/${folder}/${version}/MiniBrowser`;
  }
  throw new Error('expected MiniBrowser of WebKitGTK, found none; ./build.sh test installs it');
}
