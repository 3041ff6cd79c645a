//! What a reader over HTTP would fetch: every range of a file that opening the index and a first query read.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tantivy::collector::TopDocs;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    DirectoryLock, FileHandle, Lock, MmapDirectory, OwnedBytes, WatchCallback, WatchHandle, WritePtr,
};
use tantivy::{Directory, HasLen, Index, ReloadPolicy, TantivyDocument};

use crate::{Asked, Result, TOP, query};

/// Kinds of files with what was read of them.
type Log = Arc<Mutex<Vec<(String, usize)>>>;

#[derive(Clone)]
struct LoggedDirectory {
    inner: MmapDirectory,
    log: Log,
}

struct LoggedFile {
    inner: Arc<dyn FileHandle>,
    kind: String,
    log: Log,
}

fn note(log: &Log, kind: &str, n: usize) {
    log.lock().expect("nobody panics while it is locked").push((kind.to_owned(), n));
}

impl fmt::Debug for LoggedDirectory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoggedDirectory")
    }
}

impl fmt::Debug for LoggedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoggedFile")
    }
}

impl HasLen for LoggedFile {
    fn len(&self) -> usize {
        self.inner.len()
    }
}

impl FileHandle for LoggedFile {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        note(&self.log, &self.kind, range.len());
        self.inner.read_bytes(range)
    }
}

impl Directory for LoggedDirectory {
    fn get_file_handle(&self, path: &Path) -> std::result::Result<Arc<dyn FileHandle>, OpenReadError> {
        let inner = self.inner.get_file_handle(path)?;
        let kind = path.extension().map(|e| e.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Arc::new(LoggedFile { inner, kind, log: self.log.clone() }))
    }
    fn delete(&self, path: &Path) -> std::result::Result<(), DeleteError> {
        self.inner.delete(path)
    }
    fn exists(&self, path: &Path) -> std::result::Result<bool, OpenReadError> {
        self.inner.exists(path)
    }
    fn open_write(&self, path: &Path) -> std::result::Result<WritePtr, OpenWriteError> {
        self.inner.open_write(path)
    }
    fn atomic_read(&self, path: &Path) -> std::result::Result<Vec<u8>, OpenReadError> {
        let bytes = self.inner.atomic_read(path)?;
        note(&self.log, "json", bytes.len());
        Ok(bytes)
    }
    fn atomic_write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.inner.atomic_write(path, bytes)
    }
    fn acquire_lock(&self, _: &Lock) -> std::result::Result<DirectoryLock, LockError> {
        Ok(DirectoryLock::from(Box::new(())))
    }
    fn sync_directory(&self) -> io::Result<()> {
        self.inner.sync_directory()
    }
    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

/// Empties the log into its sums.
fn take(log: &Log) -> (usize, usize, BTreeMap<String, usize>) {
    let reads = std::mem::take(&mut *log.lock().expect("nobody panics while it is locked"));
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for (kind, n) in &reads {
        *kinds.entry(kind.clone()).or_default() += n;
    }
    (kinds.values().sum(), reads.len(), kinds)
}

pub(crate) fn cold(folder: &Path, asked: &[Asked]) -> Result<Value> {
    let mut opening = Value::Null;
    let mut queries = Vec::new();
    for asked in asked {
        let log = Log::default();
        let directory = LoggedDirectory { inner: MmapDirectory::open(folder)?, log: log.clone() };
        let index = Index::open(directory)?;
        let reader: tantivy::IndexReader =
            index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let searcher = reader.searcher();
        for (field, entry) in index.schema().fields() {
            if entry.is_indexed() {
                for segment in searcher.segment_readers() {
                    segment.inverted_index(field)?;
                }
            }
        }
        let (bytes, reads, kinds) = take(&log);
        opening = json!({"bytes": bytes, "reads": reads, "kinds": kinds});
        let query = query(searcher.schema(), asked)?;
        let top = searcher.search(&*query, &TopDocs::with_limit(TOP).order_by_score())?;
        let (bytes, reads, _) = take(&log);
        for (_, address) in &top {
            searcher.doc::<TantivyDocument>(*address)?;
        }
        queries.push(json!({"kind": asked.kind, "bytes": bytes, "reads": reads, "lines": take(&log).0}));
    }
    Ok(json!({"opening": opening, "queries": queries}))
}
