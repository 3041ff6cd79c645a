// SQLite's FTS5 read by ranges: sql.js-httpvfs in a fresh worker.
const LINES = `select m.subject, m.sender, m.date from (select rowid from fts where fts match ?
  order by rowid desc limit 20) found join mail m on m.id = found.rowid`;
let worker = null;

export async function open(pageSize) {
  const config = { serverMode: 'full', requestChunkSize: pageSize, url: '/index.db' };
  const file = (name) => `/httpvfs/${name}`;
  worker = await window.createDbWorker([{ from: 'inline', config }], file('sqlite.worker.js'), file('sql-wasm.wasm'));
  await worker.db.exec('select date from mail where id = 0');
}

export async function search(match) {
  const [table] = await worker.db.exec(LINES, [match]);
  return table?.values.length ?? 0;
}
