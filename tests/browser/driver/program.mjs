// Programs of the system, and processes that end with this one.

import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The path of the first of these programs that is installed; throws with all their names if none is. */
export function program(...names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // The next folder may have it.
      }
    }
  }
  throw new Error(`expected ${names.join(' or ')} on the PATH, found none; ./build.sh test installs it`);
}

/** Starts a process and resolves once a line of its output matches; rejects when it ends before. */
export function start(file, args, { env = process.env, until } = {}) {
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const end = () => child.kill();
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  let said = '';
  return new Promise((resolve, reject) => {
    const hear = (chunk) => {
      said += chunk;
      const match = until?.exec(said);
      if (match) resolve({ child, match });
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}: ${said.trim()}`)));
    if (!until) child.once('spawn', () => resolve({ child, match: null }));
  });
}
