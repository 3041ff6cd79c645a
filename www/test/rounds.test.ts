import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ByteRange, Step } from '../src/shared/engine.ts';
import { ProblemError, type Problem } from '../src/shared/problem.ts';
import { settle } from '../src/worker/rounds.ts';
import type { Chunk, ReadOptions, Source } from '../src/worker/source.ts';

const range = (offset: number): ByteRange => ({ segment: 0, offset, length: 10 });
const forever = new AbortController().signal;

/** Gives zeros, and remembers what for. */
class Zeros implements Source {
  readonly reads: string[] = [];

  async read(ranges: readonly ByteRange[], options: ReadOptions): Promise<Chunk[]> {
    this.reads.push(`${ranges.map(({ offset, length }) => `${offset}+${length}`).join()}${options.fresh ? ' fresh' : ''}`);
    return ranges.map(({ segment, offset, length }) => ({ segment, offset, bytes: new Uint8Array(length), files: [`f${offset}`] }));
  }
}

/** Needs the given offsets, one round each, and refuses bytes as told. */
class Needy {
  readonly generation = 0;
  readonly puts: string[] = [];
  readonly #rounds: readonly (readonly number[])[];
  readonly #refuse: (tries: number) => boolean;
  #round = 0;

  constructor(rounds: readonly (readonly number[])[], refuse: (tries: number) => boolean = () => false) {
    this.#rounds = rounds;
    this.#refuse = refuse;
  }

  put(_segment: number, offset: number, bytes: Uint8Array): void {
    this.puts.push(`${offset}+${bytes.length}`);
    if (this.#refuse(this.puts.length)) throw new Error('checksum of block 3 is wrong');
  }

  readonly step = (): Step<string> => {
    const missing = this.#rounds[this.#round++];
    return missing === undefined ? { kind: 'done', value: 'answer' } : { kind: 'missing', ranges: missing.map(range) };
  };
}

async function problemOf(run: Promise<unknown>): Promise<Problem> {
  const error: unknown = await run.then(() => assert.fail('expected a problem'), (thrown: unknown) => thrown);
  assert.ok(error instanceof ProblemError, String(error));
  return error.problem;
}

test('what is missing is read and handed over until the step is done', async () => {
  const source = new Zeros();
  const engine = new Needy([[0, 100], [200]]);
  assert.deepEqual(await settle(engine, source, engine.step, { signal: forever, fresh: false }), { value: 'answer', rounds: 2 });
  assert.deepEqual(source.reads, ['0+10,100+10', '200+10']);
  assert.deepEqual(engine.puts, ['0+10', '100+10', '200+10']);
});

test('chunks that touch arrive in one piece', async () => {
  const engine = new Needy([[10, 0, 40]]);
  await settle(engine, new Zeros(), engine.step, { signal: forever, fresh: false });
  assert.deepEqual(engine.puts, ['0+20', '40+10']);
});

test('bytes with a wrong checksum are fetched afresh once', async () => {
  const source = new Zeros();
  const engine = new Needy([[0]], (tries) => tries === 1);
  assert.equal((await settle(engine, source, engine.step, { signal: forever, fresh: false })).value, 'answer');
  assert.deepEqual(source.reads, ['0+10', '0+10 fresh']);
});

test('bytes that stay wrong are a problem that names the file', async () => {
  const engine = new Needy([[0]], () => true);
  assert.deepEqual(await problemOf(settle(engine, new Zeros(), engine.step, { signal: forever, fresh: false })), {
    kind: 'damaged',
    file: 'f0',
    detail: 'checksum of block 3 is wrong',
  });
});

test('an engine that asks for the same again is stopped', async () => {
  const engine = new Needy([[0], [0], [0]]);
  assert.equal((await problemOf(settle(engine, new Zeros(), engine.step, { signal: forever, fresh: false }))).kind, 'engine');
});

test('a question that reads messages takes as many rounds as it needs, and tells how far it is', async () => {
  const told: number[] = [];
  let n = 0;
  const step = (): Step<string> => {
    n += 1;
    if (n > 700) return { kind: 'done', value: 'answer' };
    // Every other round only stops for breath.
    const progress = { hits: 0, read: n, of: 700 };
    return { kind: 'missing', ranges: n % 2 === 0 ? [] : [range(n * 100)], progress };
  };
  const answered = await settle(new Needy([]), new Zeros(), step, { signal: forever, fresh: false }, ({ read }) => told.push(read));
  assert.deepEqual(answered, { value: 'answer', rounds: 700 });
  assert.deepEqual(told.slice(-2), [699, 700]);
});

test('an engine that refuses is a problem; one that dies is not caught here', async () => {
  const refuses = (): Step<string> => {
    throw new Error('no such key');
  };
  assert.deepEqual(await problemOf(settle(new Needy([]), new Zeros(), refuses, { signal: forever, fresh: false })), { kind: 'engine', detail: 'no such key' });
  const dies = (): Step<string> => {
    throw new WebAssembly.RuntimeError('unreachable');
  };
  await assert.rejects(settle(new Needy([]), new Zeros(), dies, { signal: forever, fresh: false }), WebAssembly.RuntimeError);
});

test('a cancel between two rounds ends the question', async () => {
  const controller = new AbortController();
  const engine = new Needy([[0], [100], [200]]);
  const source = new Zeros();
  const step = (): Step<string> => {
    if (source.reads.length === 1) setTimeout(() => controller.abort());
    return engine.step();
  };
  const slow: Source = {
    read: async (ranges, options) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return await source.read(ranges, options);
    },
  };
  await assert.rejects(settle(engine, slow, step, { signal: controller.signal, fresh: false }), { name: 'AbortError' });
  assert.ok(source.reads.length < 3);
});
