import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine, Step } from '../src/shared/engine.ts';
import { ProblemError } from '../src/shared/problem.ts';
import type { FromWorker, Question } from '../src/shared/protocol.ts';
import { Archive } from '../src/worker/archive.ts';
import { Desk } from '../src/worker/desk.ts';
import type { Tally } from '../src/worker/source.ts';

const question: Question = { name: 'html', ask: { key: '0000000000000001' } };

/** An archive whose `html` does as told; nothing else is asked here. */
function archive(html: () => Step<{ html: string | null }>, mostResident = 100): Archive {
  const unasked = (): never => assert.fail('not asked here');
  const engine = (): Engine => {
    let isFreed = false;
    return {
      open: unasked,
      expect: unasked,
      put: () => {},
      free: () => {
        isFreed = true;
      },
      info: unasked,
      search: unasked,
      total: unasked,
      suggest: unasked,
      correct: unasked,
      facets: unasked,
      correspondence: unasked,
      explain: unasked,
      weigh: unasked,
      batch: unasked,
      missing: unasked,
      snippets: unasked,
      message: unasked,
      thread: unasked,
      html: () => (isFreed ? assert.fail('a question to an engine that was given back') : html()),
      file: unasked,
    };
  };
  const tally: Tally = { requests: 0, bytes: 0, wanted: 0 };
  return new Archive({
    start: engine,
    readFile: () => assert.fail('no file was asked for'),
    mostResident,
    source: {
      tally,
      read: async (ranges) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        tally.requests += 1;
        tally.bytes += 10;
        return ranges.map(({ segment, offset, length }) => ({ segment, offset, bytes: new Uint8Array(length), files: ['f'] }));
      },
    },
  });
}

async function ask(opened: Promise<Archive>, act: (desk: Desk) => void = () => {}): Promise<FromWorker[]> {
  const posted: FromWorker[] = [];
  const desk = new Desk(opened, (message) => posted.push(message));
  const asked = desk.ask(7, question);
  act(desk);
  await asked;
  return posted;
}

function needsOnce(): () => Step<{ html: string | null }> {
  let asked = 0;
  return () =>
    asked++ === 0
      ? { kind: 'missing', ranges: [{ segment: 0, offset: 0, length: 10 }] }
      : { kind: 'done', value: { html: '<p>' } };
}

test('an answer comes with what it cost', async () => {
  const cost = { rounds: 1, requests: 1, bytes: 10 };
  assert.deepEqual(await ask(Promise.resolve(archive(needsOnce()))), [
    { kind: 'answer', id: 7, name: 'html', value: { html: '<p>' }, cost },
  ]);
});

test('a cancelled question has no answer', async () => {
  assert.deepEqual(await ask(Promise.resolve(archive(needsOnce())), (desk) => desk.cancel(7)), []);
});

test('a dead engine is told as such, also to whoever has left', async () => {
  const dies = (): never => {
    throw new WebAssembly.RuntimeError('unreachable');
  };
  const expected = [{ kind: 'failed', id: 7, problem: { kind: 'crashed', detail: 'unreachable' } }];
  assert.deepEqual(await ask(Promise.resolve(archive(dies))), expected);
});

test('a question to an archive that did not open fails with the reason', async () => {
  const problem = { kind: 'manifest', detail: 'expected format 1, found 2' } as const;
  const closed = Promise.reject<Archive>(new ProblemError(problem));
  assert.deepEqual(await ask(closed), [{ kind: 'failed', id: 7, problem }]);
});

test('bytes that turn out to be wrong are read once more, past the caches, by an engine that holds none of them', async () => {
  let asked = 0;
  const opened = archive(() => {
    asked += 1;
    if (asked % 2 === 1) return { kind: 'missing', ranges: [{ segment: 0, offset: 0, length: 10 }] };
    if (asked === 2) throw new Error('broken archive: the length of a block');
    return { kind: 'done', value: { html: '<p>' } };
  });
  const [answer] = await ask(Promise.resolve(opened));
  assert.equal(answer?.kind, 'answer');
  assert.deepEqual([asked, opened.generation], [4, 1]);
});

test('what is held is given back between questions, before it is too much', async () => {
  const opened = archive(() => ({ kind: 'done', value: { html: null } }), 25);
  for (let time = 0; time < 3; time++) {
    assert.equal(opened.generation, 0);
    opened.put(0, 0, new Uint8Array(10));
    await ask(Promise.resolve(opened));
  }
  assert.equal(opened.generation, 1);
});

test('under way, twice as much may be held', () => {
  const opened = archive(() => ({ kind: 'done', value: { html: null } }), 25);
  opened.put(0, 0, new Uint8Array(50));
  opened.trim(false);
  assert.equal(opened.generation, 0);
  opened.put(0, 0, new Uint8Array(1));
  opened.trim(false);
  assert.equal(opened.generation, 1);
});
