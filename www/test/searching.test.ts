import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Line, QuestionName, Questions, SearchReply, SearchRequest } from '../src/shared/engine.ts';
import type { Outcome } from '../src/page/client.ts';
import { PAGE, Searching, type Asker } from '../src/page/searching.ts';

function line(row: number): Line {
  const key = row.toString(16).padStart(16, '0');
  return { key, date: row, from: [], subject: [], preview: '', attachments: false, html: false, threadSize: 1, misdated: false, kind: 'message', missing: false };
}

const cost = { rounds: 1, requests: 1, bytes: 1 };

/** Answers when told to, or at once; keeps what it was asked. */
class Slow implements Asker {
  readonly asked: string[] = [];
  readonly hold = new Set<string>();
  total: number | null = 120;
  weight = 1_000;
  #release: (() => void)[] = [];

  async ask<Name extends QuestionName>(
    name: Name,
    ask: Questions[Name]['ask'],
    signal: AbortSignal,
  ): Promise<Outcome<Questions[Name]['reply']>> {
    const request = ask as SearchRequest;
    this.asked.push(`${name} ${request.query} ${request.offset ?? ''}`.trim());
    if (this.hold.has(request.query)) await new Promise<void>((resolve) => this.#release.push(resolve));
    if (signal.aborted) return { kind: 'cancelled' };
    if (request.query === 'broken') return { kind: 'failed', problem: { kind: 'offline' } };
    return { kind: 'done', value: this.#reply(name, ask) as Questions[Name]['reply'], ms: 3, cost };
  }

  release(): void {
    for (const resolve of this.#release.splice(0)) resolve();
  }

  #reply(name: QuestionName, ask: object): unknown {
    if (name === 'total') return { total: 120 };
    if (name === 'weigh') return { bytes: this.weight, readsMessages: true };
    if (name === 'snippets') return { snippets: (ask as { keys: string[] }).keys.map((key) => ({ key, pieces: [] })) };
    const { query, offset, limit } = ask as SearchRequest;
    const lines = Array.from({ length: Math.min(limit, 120 - offset) }, (_, idx) => line(offset + idx));
    return { understood: query, notes: [], parts: [], total: this.total, atLeast: 100, offset, lines, threads: null, inThread: [] } satisfies SearchReply;
  }
}

function search(query: string, typing = true) {
  return { query, sort: 'newest', typing, threads: false, forms: false } as const;
}

test('the last query wins, also when the first answers later', async () => {
  const asker = new Slow();
  const searching = new Searching(asker, () => {});
  asker.hold.add('a');
  const first = searching.run(search('a'));
  await searching.run(search('ab'));
  asker.release();
  await first;
  assert.equal(searching.shown?.query, 'ab');
  assert.equal(searching.busy, false);
});

test('what is shown stays until the next answer is here', async () => {
  const asker = new Slow();
  const searching = new Searching(asker, () => {});
  await searching.run(search('a'));
  asker.hold.add('ab');
  const next = searching.run(search('ab'));
  assert.equal(searching.shown?.query, 'a');
  assert.equal(searching.busy, true);
  asker.release();
  await next;
  assert.equal(searching.shown?.query, 'ab');
});

test('a total that takes longer is asked for apart', async () => {
  const asker = new Slow();
  asker.total = null;
  const rows: number[] = [];
  const searching = new Searching(asker, () => rows.push(searching.rows));
  await searching.run(search('a'));
  assert.deepEqual(asker.asked, ['search a 0', 'total a 0']);
  assert.deepEqual(rows, [0, 100, 120]);
});

test('lines are fetched by pages, once', async () => {
  const asker = new Slow();
  const searching = new Searching(asker, () => {});
  await searching.run(search('a'));
  await searching.need(0, PAGE);
  await searching.need(PAGE - 5, PAGE + 5);
  await searching.need(PAGE + 5, 120);
  assert.deepEqual(asker.asked, ['search a 0', 'search a 50', 'search a 100']);
  assert.equal(searching.line(119)?.date, 119);
  assert.equal(searching.rowOf(line(77).key), 77);
});

test('snippets are asked for once, and not for the whole archive', async () => {
  const asker = new Slow();
  const searching = new Searching(asker, () => {});
  await searching.run(search('a'));
  await searching.needSnippets([line(1), line(2)]);
  await searching.needSnippets([line(1), line(2)]);
  await searching.needSnippets([line(2)]);
  assert.deepEqual(asker.asked, ['search a 0', 'snippets a']);
  await searching.run(search(' '));
  await searching.needSnippets([line(1)]);
  assert.equal(asker.asked.length, 3);
});

test('a failure is told, without results of another search, and can be tried again', async () => {
  const asker = new Slow();
  const searching = new Searching(asker, () => {});
  await searching.run(search('a'));
  await searching.run(search('broken'));
  assert.deepEqual(searching.problem, { kind: 'offline' });
  // Results of another search would pass for this one's.
  assert.equal(searching.rows, 0);
  await searching.run(search('a'));
  assert.equal(searching.problem, null);
  assert.equal(searching.shown?.query, 'a');
});

test('the same search is not asked twice', async () => {
  const asker = new Slow();
  const searching = new Searching(asker, () => {});
  await searching.run(search('a'));
  await searching.run(search('a'));
  await searching.run(search('a', false));
  assert.deepEqual(asker.asked, ['search a 0', 'search a 0']);
});

test('what reads many messages is asked about first', async () => {
  const asker = new Slow();
  const searching = new Searching(asker, () => {});
  await searching.run(search('subject:/a/', false));
  assert.deepEqual([searching.shown?.query, searching.weight], ['subject:/a/', null]);
  asker.weight = 34_000_000;
  await searching.run(search('body:/a/', false));
  assert.deepEqual([searching.shown, searching.weight, searching.busy], [null, 34_000_000, false]);
  searching.agree();
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual([searching.shown?.query, searching.weight], ['body:/a/', null]);
  // Another query is another question.
  await searching.run(search('header:x', false));
  assert.equal(searching.weight, 34_000_000);
  await searching.run(search('http://acme.example/a', false));
  assert.deepEqual([searching.shown?.query, searching.weight], ['http://acme.example/a', null]);
});
