import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchCsv, batchQueries, csvCell } from '../src/shared/csv.ts';

test('no cell is a formula, and every cell reads back', () => {
  assert.equal(csvCell('budget'), 'budget');
  for (const sign of ['=', '+', '-', '@', '\t']) assert.equal(csvCell(`${sign}1`), `'${sign}1`);
  assert.equal(csvCell('\rx'), '"\'\rx"');
  assert.equal(csvCell('a, "b"\n'), '"a, ""b""\n"');
});

test('a report has a line for each query and one for all', () => {
  const counts = (hits: number) => ({ hits, withThreads: hits + 1, unique: 1, bySource: [hits] });
  const reply = {
    sources: ['a.zip'],
    rows: [
      { understood: '-draft', notes: [], counts: counts(3) },
      { understood: null, notes: ['left out', 'twice'], counts: null },
    ],
    total: counts(3),
  };
  assert.equal(
    batchCsv(['-draft', 'category:x'], reply),
    'query,hits,hits with threads,unique hits,hits in a.zip,understood as,notes\n' +
      "'-draft,3,4,1,3,'-draft,\n" +
      'category:x,,,,,,left out; twice\n' +
      'total,3,4,1,3,all queries together,\n',
  );
});

test('queries are the lines of a text or the first column of a table', () => {
  assert.deepEqual(batchQueries('\ufeffferry\r\n\n"a, b" x\n=1\n', false), ['ferry', '"a, b" x', '=1']);
  assert.deepEqual(batchQueries('Query,why\n"""a, b"" x",both\r\nferry\n,\n\'quay\n', true), ['"a, b" x', 'ferry', "'quay"]);
  assert.deepEqual(batchQueries('"two\nlines",x\n"never closed, and\non', true), ['two\nlines', 'never closed, and\non']);
  assert.deepEqual(batchQueries('', true), []);
  assert.deepEqual(batchQueries(`a,"x\ny",z\nb`, true), ['a', 'b']);
});
