//! The archive on disk: shards below a name made of their content, and the manifest, the only file that ever changes.
//!
//! Everything is written into a folder beside the wanted one and renamed at the end, so that an interrupted build
//! leaves what was there. The folder is locked while it is written: one without a lock is what a killed build left, and
//! the next build of the same site takes it away.

use crate::build::segment::WrittenSegment;
use crate::build::{BuildError, BuildOptions};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use maildex_core::Archive;
use maildex_core::format::front::MessageKind;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::{Component, Path, PathBuf};

/// Hosts compress by type, and a compressed answer breaks byte ranges; some label `.gz` as an encoding. Types that are
/// archives already are left alone everywhere (mime-db: `application/x-7z-compressed`, not compressible).
const EXTENSION: &str = "7z";
/// The folder of the shards inside a site.
const FOLDER: &str = "d";
/// Hexadecimal digits of SHA-256 in a segment's id. Two of a thousand segments share 80 bits by chance once in 10¹⁸ sites.
const ID_DIGITS: usize = 20;
/// No segment has more shards: a forged manifest must not fill the memory with their names. Ours have at most some 10,000.
const MAX_SHARDS: usize = 1 << 16;
/// The folder of a segment that has no id yet.
const UNNAMED: &str = "new";
/// The manifest's name.
pub const MANIFEST: &str = "manifest.json";
/// The name of the list of a site's files with their SHA-256, as `sha256sum` writes and checks it.
pub const SUMS: &str = "SHA256SUMS";
/// The directory section goes along with the front while it is this small.
const SMALL_DIRECTORY: u64 = 16 << 10;

/// What names the parts of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// The format version.
    pub format: u16,
    /// The archive's name.
    pub title: String,
    /// The segments in order.
    pub segments: Vec<SegmentEntry>,
}

/// One segment in the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "SegmentRow", into = "SegmentRow")]
pub struct SegmentEntry {
    /// What its messages are: `message`, `quoted` or `placeholder`.
    pub kind: String,
    /// How many.
    pub messages: u64,
    /// Bytes of the blob.
    pub length: u64,
    /// Bytes of the blob that opening reads.
    pub front_length: u64,
    /// Those bytes, base64; empty for kinds that are read when somebody asks for them.
    pub front: String,
    /// What [`SegmentId`] makes of its shards.
    pub id: String,
    /// The files that the blob lies in, in order, without gaps.
    pub shards: Vec<Shard>,
}

/// A file with a part of a blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shard {
    /// Bytes from the start of the blob.
    pub offset: u64,
    /// How many.
    pub length: u64,
    /// The file, relative to the manifest.
    pub name: String,
}

/// A [`SegmentEntry`] as it is written. Every opening reads it, so that of shards it has the lengths alone.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SegmentRow {
    kind: String,
    messages: u64,
    length: u64,
    front_length: u64,
    front: String,
    id: String,
    shards: Vec<u64>,
}

impl From<SegmentEntry> for SegmentRow {
    fn from(entry: SegmentEntry) -> SegmentRow {
        let SegmentEntry { kind, messages, length, front_length, front, id, shards } = entry;
        let shards = shards.iter().map(|shard| shard.length).collect();
        SegmentRow { kind, messages, length, front_length, front, id, shards }
    }
}

impl TryFrom<SegmentRow> for SegmentEntry {
    type Error = &'static str;

    fn try_from(row: SegmentRow) -> Result<SegmentEntry, &'static str> {
        let SegmentRow { kind, messages, length, front_length, front, id, shards } = row;
        if id.len() != ID_DIGITS || !id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err("the id of a segment is not 20 hexadecimal digits");
        }
        if shards.len() > MAX_SHARDS {
            return Err("a segment has more than 65,536 shards");
        }
        if shards.contains(&0) {
            return Err("a shard is empty");
        }
        let shards = in_a_row(&id, &shards).ok_or("the lengths of shards add up to too much")?;
        Ok(SegmentEntry { kind, messages, length, front_length, front, id, shards })
    }
}

/// The shards of these lengths; nothing where they add up to more than can be told.
fn in_a_row(id: &str, lengths: &[u64]) -> Option<Vec<Shard>> {
    let mut offset = 0_u64;
    let shards = lengths.iter().enumerate().map(|(number, &length)| {
        let shard = Shard { offset, length, name: shard_name(id, number) };
        offset = offset.checked_add(length)?;
        Some(shard)
    });
    shards.collect()
}

fn shard_name(id: &str, number: usize) -> String {
    format!("{FOLDER}/{id}/{number}.{EXTENSION}")
}

/// The id of a segment: of the SHA-256 of those of its shards, in order. So it changes with what they hold, and with where
/// the blob is cut.
#[derive(Debug, Default)]
pub struct SegmentId(Sha256);

impl SegmentId {
    /// Takes in the bytes of the next shard.
    pub fn add(&mut self, shard: &[u8]) {
        self.0.update(Sha256::digest(shard));
    }

    /// The first 20 hexadecimal digits.
    pub fn finish(self) -> String {
        let mut id = hex(&self.0.finalize());
        id.truncate(ID_DIGITS);
        id
    }
}

impl SegmentEntry {
    /// Adds the segment to an archive: by its front, or by what is said of it where that is read later.
    ///
    /// # Errors
    /// If the front is damaged, of a later version, or of no kind that is known.
    pub fn add_to(&self, archive: &mut Archive) -> io::Result<()> {
        if !self.front.is_empty() {
            let front = BASE64_STANDARD.decode(&self.front).map_err(io::Error::other)?;
            return archive.open(&front).map_err(io::Error::other);
        }
        let kind =
            MessageKind::named(&self.kind).ok_or_else(|| io::Error::other("no such kind of segment"))?;
        let messages = u32::try_from(self.messages).map_err(io::Error::other)?;
        archive.expect(kind, messages, self.front_length).map_err(io::Error::other)
    }
}

/// The shards of a segment on their way into a folder that gets its name at the end.
struct ShardWriter {
    /// The folder of all segments.
    folder: PathBuf,
    id: SegmentId,
    /// The length of each, and its [`sum`].
    rows: Vec<(u64, String)>,
}

impl ShardWriter {
    fn new(site: &Path) -> io::Result<ShardWriter> {
        let folder = site.join(FOLDER);
        fs::create_dir_all(folder.join(UNNAMED))?;
        Ok(ShardWriter { folder, id: SegmentId::default(), rows: Vec::new() })
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        let name = shard_name(UNNAMED, self.rows.len());
        fs::write(self.folder.with_file_name(name), bytes)?;
        self.id.add(bytes);
        self.rows.push((bytes.len() as u64, sum(bytes)));
        Ok(())
    }

    /// The id, and the rows.
    fn finish(self) -> io::Result<(String, Vec<(u64, String)>)> {
        let id = self.id.finish();
        fs::rename(self.folder.join(UNNAMED), self.folder.join(&id))?;
        Ok((id, self.rows))
    }
}

/// A site that is being written beside its final place.
pub(crate) struct SiteWriter {
    folder: tempfile::TempDir,
    /// Holds the lock on `folder`; where the system locks no folders, nothing.
    _lock: Option<File>,
    out: PathBuf,
    /// SHA-256 of what was written, by name.
    sums: BTreeMap<String, String>,
    /// The manifest of the site that it was made of.
    before: Option<Manifest>,
}

impl SiteWriter {
    /// A folder beside `out`; what killed builds of the same site left there is removed.
    pub(crate) fn new(out: &Path) -> Result<SiteWriter, BuildError> {
        let fail = |source| BuildError::Output { path: out.to_owned(), source };
        let out = &resolved(out).map_err(fail)?;
        let parent = parent_of(out);
        fs::create_dir_all(parent).map_err(fail)?;
        // Two builds that begin at once look one after the other, so that neither takes the other's folder for a
        // dead one before it is locked.
        let turn = locked(parent);
        if turn.is_some() {
            remove_dead(out).map_err(fail)?;
        }
        if out.exists() && !may_replace(out).map_err(fail)? {
            return Err(BuildError::NotASite { path: out.to_owned() });
        }
        if is_mounted(out) {
            return Err(fail(io::Error::other("a disk is mounted there; name a folder inside of it")));
        }
        let folder = tempfile::Builder::new().prefix(&own_prefix_of(out)).tempdir_in(parent).map_err(fail)?;
        let lock = File::open(folder.path()).ok().filter(|folder| folder.try_lock().is_ok());
        Ok(SiteWriter { folder, _lock: lock, out: out.to_owned(), sums: BTreeMap::new(), before: None })
    }

    /// Takes the place of this site only: what was added to it meanwhile would be lost.
    pub(crate) fn in_place_of(self, before: &Manifest) -> SiteWriter {
        SiteWriter { before: Some(before.clone()), ..self }
    }

    /// Where the build may put what it needs for the time being.
    pub(crate) fn scratch(&self) -> &Path {
        self.folder.path()
    }

    /// Takes note of files that were written below [`SiteWriter::scratch`], with their [`sum`]s.
    pub(crate) fn adopt(&mut self, files: Vec<(String, String)>) {
        self.sums.extend(files);
    }

    /// Cuts a segment into shards and gives its row in the manifest.
    pub(crate) fn segment(&mut self, segment: WrittenSegment) -> io::Result<SegmentEntry> {
        self.adopt(segment.kept.files);
        let mut shards = ShardWriter::new(self.folder.path())?;
        let mut front = segment.front.clone();
        shards.put(&segment.front)?;
        for (index, section) in segment.sections.into_iter().enumerate() {
            // The directory comes first: while it is small it saves a round to come.
            let with_front = index == 0
                && section.id == maildex_core::format::block::SectionId::Directory
                && section.length <= SMALL_DIRECTORY;
            section.shards(|bytes| {
                if with_front {
                    front.extend_from_slice(bytes);
                }
                shards.put(bytes)
            })?;
        }
        let (id, rows) = shards.finish()?;
        let lengths: Vec<u64> = rows.iter().map(|(length, _)| *length).collect();
        let shards = in_a_row(&id, &lengths).ok_or_else(|| io::Error::other("a segment is too long"))?;
        let names = shards.iter().map(|shard| shard.name.clone());
        self.sums.extend(names.zip(rows.into_iter().map(|(_, sum)| sum)));
        let is_read_at_once = segment.kind == MessageKind::Message;
        Ok(SegmentEntry {
            kind: segment.kind.name().to_owned(),
            messages: u64::from(segment.n_docs),
            length: lengths.iter().sum(),
            front_length: front.len() as u64,
            front: if is_read_at_once { BASE64_STANDARD.encode(&front) } else { String::new() },
            id,
            shards,
        })
    }

    /// Writes the manifest and the other files, and their sums.
    pub(crate) fn write(&mut self, manifest: &Manifest, files: &BTreeMap<String, Vec<u8>>) -> io::Result<()> {
        for (name, bytes) in files {
            self.file(name, bytes)?;
        }
        self.file(MANIFEST, &serde_json::to_vec(manifest).map_err(io::Error::other)?)?;
        let sums: String = self.sums.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect();
        fs::write(self.folder.path().join(SUMS), sums)?;
        set_readable(self.folder.path())
    }

    fn file(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.folder.path().join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, bytes)?;
        self.sums.insert(name.to_owned(), sum(bytes));
        Ok(())
    }

    /// Puts what was written into the site that is there, beside its other files, and the manifest in the place of
    /// `before`, as the last step: whoever reads meanwhile has all of the one or all of the other. Shards that `before`
    /// has are left for those who read by it; older ones that neither names are removed.
    pub(crate) fn finish_beside(
        mut self,
        before: &Manifest,
        manifest: &Manifest,
        files: &BTreeMap<String, Vec<u8>>,
    ) -> io::Result<()> {
        let mut sums: BTreeMap<String, String> = read_sums(&self.out)?.into_iter().collect();
        for name in self.sums.keys() {
            let (from, to) = (self.folder.path().join(name), self.out.join(name));
            if let Some(parent) = to.parent() {
                fs::create_dir_all(parent)?;
            }
            if !to.exists() {
                fs::rename(from, to)?;
            }
        }
        self.file(MANIFEST, &serde_json::to_vec(manifest).map_err(io::Error::other)?)?;
        for (name, bytes) in files.iter().filter(|(name, bytes)| sums.get(*name) != Some(&sum(bytes))) {
            self.file(name, bytes)?;
            let to = self.out.join(name);
            fs::create_dir_all(to.parent().unwrap_or(&self.out))?;
            fs::rename(self.folder.path().join(name), to)?;
        }
        sums.extend(self.sums);
        let segments = before.segments.iter().chain(&manifest.segments);
        let named: BTreeSet<&str> =
            segments.flat_map(|own| &own.shards).map(|shard| shard.name.as_str()).collect();
        let is_stale = |name: &str| {
            name.strip_prefix(FOLDER).is_some_and(|rest| rest.starts_with('/')) && !named.contains(name)
        };
        for name in sums.keys().filter(|name| is_stale(name)) {
            let shard = self.out.join(name);
            if shard.exists() {
                fs::remove_file(&shard)?;
            }
            // The folder goes with the last of them.
            let _ = shard.parent().map(fs::remove_dir);
        }
        sums.retain(|name, _| !is_stale(name));
        let list: String = sums.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect();
        let new = self.folder.path();
        fs::write(new.join(SUMS), list)?;
        fs::rename(new.join(SUMS), self.out.join(SUMS))?;
        fs::rename(new.join(MANIFEST), self.out.join(MANIFEST))
    }

    /// Puts the site in its place. What lies in the folder of the site before and is no part of one (`.git`, `CNAME`)
    /// is moved into the new one.
    pub(crate) fn finish(self) -> io::Result<()> {
        let SiteWriter { folder, out, before, .. } = self;
        if let Some(before) = before
            && read_manifest(&out)? != before
        {
            return Err(io::Error::other("it was changed meanwhile; begin again"));
        }
        let is_new = !out.exists();
        if !is_new {
            // Who may not look into the site before may not look into this one.
            fs::set_permissions(folder.path(), fs::metadata(&out)?.permissions())?;
        }
        let built = folder.keep();
        if is_new {
            return fs::rename(built, out);
        }
        let old = old_of(&built);
        fs::rename(&out, &old)?;
        if let Err(error) = fs::rename(&built, &out) {
            // What was there stays there.
            fs::rename(&old, &out)?;
            return Err(error);
        }
        carry_over(&old, &out).map_err(|error| {
            let left = format!(
                "the new site is there; files that are not of it are left in {}: {error}",
                old.display()
            );
            io::Error::new(error.kind(), left)
        })?;
        fs::remove_dir_all(old)
    }
}

/// Removes what this process has put beside the site `out` for the time being: for one that is about to end.
pub fn remove_unfinished(out: &Path) {
    // Other threads may still be writing there.
    for _ in 0..20 {
        let left = unfinished(out, &own_prefix_of(out)).unwrap_or_default();
        if left.iter().all(|folder| fs::remove_dir_all(folder).is_ok()) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// Removes what killed builds of the site `out` left beside it, and puts the site before back where one was killed
/// between two renames.
fn remove_dead(out: &Path) -> io::Result<()> {
    for folder in unfinished(out, &prefix_of(out))? {
        if locked_by_other(&folder) {
            continue;
        }
        let is_old = folder.extension().is_some_and(|ending| ending == "old");
        if is_old && !out.exists() {
            fs::rename(folder, out)?;
            continue;
        }
        if is_old {
            carry_over(&folder, out)?;
        }
        fs::remove_dir_all(folder)?;
    }
    Ok(())
}

/// The folders beside `out` whose names begin so.
fn unfinished(out: &Path, prefix: &str) -> io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(parent_of(out))? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(prefix) && entry.file_type()?.is_dir() {
            folders.push(entry.path());
        }
    }
    folders.sort();
    Ok(folders)
}

/// The folder of a site as the system names it: a link is followed, and the name holds when the process's own folder is
/// moved away, as it is where it lies in the site.
///
/// # Errors
/// If the system does not tell.
pub fn resolved(out: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(out) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => std::path::absolute(out),
        other => other,
    }
}

/// Whether a folder cannot be renamed because a disk begins there.
fn is_mounted(folder: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let device = |path: &Path| fs::metadata(path).ok().map(|about| about.dev());
        folder.exists() && device(folder) != device(parent_of(folder))
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        false
    }
}

fn locked(folder: &Path) -> Option<File> {
    File::open(folder).ok().filter(|folder| folder.lock().is_ok())
}

fn locked_by_other(folder: &Path) -> bool {
    !File::open(folder).is_ok_and(|folder| folder.try_lock().is_ok())
}

fn parent_of(out: &Path) -> &Path {
    match out.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn prefix_of(out: &Path) -> String {
    let name = out.file_name().map_or_else(|| "site".into(), |name| name.to_string_lossy());
    format!(".{name}.building-")
}

fn own_prefix_of(out: &Path) -> String {
    format!("{}{}-", prefix_of(out), std::process::id())
}

/// Where the site before waits while the new one takes its place.
fn old_of(built: &Path) -> PathBuf {
    let mut name = built.as_os_str().to_owned();
    name.push(".old");
    name.into()
}

/// Moves what lies at the top of the folder `old` and belongs neither to the site there nor to the new one.
fn carry_over(old: &Path, new: &Path) -> io::Result<()> {
    let known = [old, new].map(|site| read_sums(site).unwrap_or_default()).concat();
    let top = |name: &str| name.split('/').next().unwrap_or_default().to_owned();
    let mut own: BTreeSet<String> = known.iter().map(|(name, _)| top(name)).collect();
    own.insert(SUMS.to_owned());
    for entry in fs::read_dir(old)? {
        let name = entry?.file_name();
        if name.to_str().is_none_or(|name| !own.contains(name)) {
            fs::rename(old.join(&name), new.join(&name))?;
        }
    }
    Ok(())
}

/// SHA-256 in hexadecimal digits.
pub fn sum(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a name leads to a file below the site: a list or a bundle may be forged.
pub fn is_inside(name: &str) -> bool {
    !name.is_empty() && Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
}

/// Reads the list of a site's files: names and [`sum`]s.
///
/// # Errors
/// If there is none, or it is not such a list, or a name in it leads elsewhere.
pub fn read_sums(site: &Path) -> io::Result<Vec<(String, String)>> {
    let text = fs::read_to_string(site.join(SUMS))?;
    let row = |line: &str| {
        let (sum, name) = line.split_once("  ")?;
        (sum.len() == 64 && is_inside(name)).then(|| (name.to_owned(), sum.to_owned()))
    };
    let rows: Option<Vec<_>> = text.lines().map(row).collect();
    rows.filter(|_| text.ends_with('\n')).ok_or_else(|| {
        let expected = "expected lines of a SHA-256 and the name of a file below the list, found others";
        io::Error::new(io::ErrorKind::InvalidData, expected)
    })
}

/// A temporary folder is its owner's alone; a site is for everyone.
fn set_readable(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// An empty folder, or one that an earlier build made.
fn may_replace(out: &Path) -> io::Result<bool> {
    if !out.is_dir() {
        return Ok(false);
    }
    if fs::read_dir(out)?.next().is_none() {
        return Ok(true);
    }
    // Of whatever version.
    let manifest: Option<serde_json::Value> =
        fs::read(out.join(MANIFEST)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    Ok(manifest.is_some_and(|manifest| manifest["format"].is_u64() && manifest["segments"].is_array()))
}

/// Reads the manifest of a site.
///
/// # Errors
/// If there is none, or it is not one.
pub fn read_manifest(site: &Path) -> io::Result<Manifest> {
    serde_json::from_slice(&fs::read(site.join(MANIFEST))?).map_err(io::Error::other)
}

/// The archive's name: what was asked for, or the inputs'.
pub(crate) fn title(options: &BuildOptions) -> String {
    options.title.clone().unwrap_or_else(|| {
        let names = options.inputs.iter().filter_map(|path| path.file_name());
        names.map(|name| name.to_string_lossy().into_owned()).collect::<Vec<_>>().join(", ")
    })
}

#[cfg(test)]
mod tests;
