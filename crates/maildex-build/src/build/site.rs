//! The archive on disk: shards named by their content, and the manifest, the only file that ever changes.
//!
//! Everything is written into a folder beside the wanted one and renamed at the end, so that an interrupted build
//! leaves what was there.

use crate::build::segment::WrittenSegment;
use crate::build::{BuildError, BuildOptions};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Hosts compress by type, and a compressed answer breaks byte ranges; some label `.gz` as an encoding. Types that are
/// archives already are left alone everywhere (mime-db: `application/x-7z-compressed`, not compressible).
const EXTENSION: &str = "7z";
/// The folder of the shards inside a site.
const FOLDER: &str = "d";
/// The manifest's name.
pub const MANIFEST: &str = "manifest.json";
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
#[serde(rename_all = "camelCase")]
pub struct SegmentEntry {
    /// What its messages are: `message`, `quoted` or `placeholder`.
    pub kind: String,
    /// How many.
    pub messages: u64,
    /// Bytes of the blob.
    pub length: u64,
    /// Bytes of the blob that opening reads.
    pub front_length: u64,
    /// Those bytes, base64.
    pub front: String,
    /// The files that the blob lies in, in order, without gaps.
    pub shards: Vec<Shard>,
}

/// A file with a part of a blob.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Bytes from the start of the blob.
    pub offset: u64,
    /// How many.
    pub length: u64,
    /// The file, relative to the manifest.
    pub name: String,
}

impl SegmentEntry {
    /// The bytes that opening reads.
    ///
    /// # Errors
    /// If they are not base64.
    pub fn front_bytes(&self) -> Result<Vec<u8>, base64::DecodeError> {
        BASE64_STANDARD.decode(&self.front)
    }
}

/// A site that is being written beside its final place.
pub(crate) struct SiteWriter {
    folder: tempfile::TempDir,
    out: PathBuf,
}

impl SiteWriter {
    /// A folder beside `out`.
    pub(crate) fn new(out: &Path) -> Result<SiteWriter, BuildError> {
        let fail = |source| BuildError::Output { path: out.to_owned(), source };
        if out.exists() && !may_replace(out).map_err(fail)? {
            return Err(BuildError::NotASite { path: out.to_owned() });
        }
        let parent = match out.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        fs::create_dir_all(parent).map_err(fail)?;
        let name = out.file_name().map_or_else(|| "site".into(), |name| name.to_string_lossy());
        let prefix = format!(".{name}.building-");
        let folder = tempfile::Builder::new().prefix(&prefix).tempdir_in(parent).map_err(fail)?;
        Ok(SiteWriter { folder, out: out.to_owned() })
    }

    /// Where the build may put what it needs for the time being.
    pub(crate) fn scratch(&self) -> &Path {
        self.folder.path()
    }

    /// Cuts a segment into shards and gives its row in the manifest.
    pub(crate) fn segment(&self, segment: WrittenSegment) -> io::Result<SegmentEntry> {
        fs::create_dir_all(self.folder.path().join(FOLDER))?;
        let mut entry = SegmentEntry {
            kind: "message".to_owned(),
            messages: u64::from(segment.n_docs),
            length: 0,
            front_length: segment.front.len() as u64,
            front: String::new(),
            shards: Vec::new(),
        };
        let mut front = segment.front.clone();
        self.shard(&segment.front, &mut entry)?;
        for (index, section) in segment.sections.into_iter().enumerate() {
            // The directory comes first: while it is small it saves a round to come.
            let with_front = index == 0
                && section.id == maildex_core::format::block::SectionId::Directory
                && section.length <= SMALL_DIRECTORY;
            section.shards(|bytes| {
                if with_front {
                    front.extend_from_slice(bytes);
                }
                self.shard(bytes, &mut entry)
            })?;
        }
        entry.front_length = front.len() as u64;
        entry.front = BASE64_STANDARD.encode(&front);
        Ok(entry)
    }

    fn shard(&self, bytes: &[u8], entry: &mut SegmentEntry) -> io::Result<()> {
        let hash = Sha256::digest(bytes);
        // 128 bits of SHA-256: enough that no two shards ever share a name.
        let hex: String = hash[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        let name = format!("{FOLDER}/{hex}.{EXTENSION}");
        fs::write(self.folder.path().join(&name), bytes)?;
        entry.shards.push(Shard { offset: entry.length, length: bytes.len() as u64, name });
        entry.length += bytes.len() as u64;
        Ok(())
    }

    /// Writes the manifest and the other files and puts the site in its place.
    pub(crate) fn finish(self, manifest: &Manifest, files: &BTreeMap<String, Vec<u8>>) -> io::Result<()> {
        for (name, bytes) in files {
            let path = self.folder.path().join(name);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, bytes)?;
        }
        let json = serde_json::to_vec(manifest).map_err(io::Error::other)?;
        fs::write(self.folder.path().join(MANIFEST), json)?;
        set_readable(self.folder.path())?;
        let SiteWriter { folder, out } = self;
        let built = folder.keep();
        if out.exists() {
            let old = built.with_extension("old");
            fs::rename(&out, &old)?;
            if let Err(error) = fs::rename(&built, &out) {
                // What was there stays there.
                fs::rename(&old, &out)?;
                return Err(error);
            }
            return fs::remove_dir_all(old);
        }
        fs::rename(built, out)
    }
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
    let manifest = fs::read(out.join(MANIFEST)).ok();
    Ok(manifest.is_some_and(|bytes| serde_json::from_slice::<Manifest>(&bytes).is_ok()))
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
