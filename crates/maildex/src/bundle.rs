//! Archives that open from a disk by a double click: one HTML file that holds everything, or a folder whose shards
//! are scripts, because a browser lets a page from a disk run scripts beside it and read nothing else.
//!
//! Data is base64 in script elements of a type that no browser runs. An element holds at most 256 KiB, because WebKit
//! takes quadratic time over longer ones (10 MB in one element: 26 s; in such pieces: 0.1 s). One element stands on one
//! line, which is what [`unpack`] relies on.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use maildex_build::build::site::{MANIFEST, Manifest, SegmentId, Shard, is_inside, sum};
use maildex_core::format::kept::pack_name;

use crate::about::ABOUT;
use crate::archive::Site;
use crate::page::{self, Offline};
use crate::plain::escape;

/// Bytes in one element: 256 KiB of base64.
const PIECE: usize = 192 << 10;
const ELEMENT: &str = "<script type=\"application/octet-stream;base64\" id=\"";
/// What a folder's page is called.
pub(crate) const PAGE: &str = "index.html";
/// How a script beside the page hands over its shard.
const CALL: &str = "maildexShard(\"";

/// How the shards are told to the page: where they lie, and which scripts its policy lets run beside its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shards {
    Inside,
    Beside,
}

/// Writes the whole site into one HTML file.
pub(crate) fn write_file(site: &mut Site, file: &Path) -> Result<u64> {
    let packs = site.packs()?;
    let mut made = tempfile::NamedTempFile::new_in(parent_of(file))
        .with_context(|| format!("cannot write into {}", parent_of(file).display()))?;
    let mut out = BufWriter::new(made.as_file_mut());
    write_page(&site.manifest, &fs::read(site.folder.join(MANIFEST))?, Shards::Inside, &mut out, |out| {
        write_about(site, out)?;
        each_part(site, &packs, |name, bytes| write_elements(out, name, bytes))
    })?;
    out.flush()?;
    drop(out);
    let length = made.as_file().metadata()?.len();
    set_readable(made.path(), 0o644)?;
    made.persist(file).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(length)
}

/// Writes the site as a folder that opens from a disk; gives the bytes of all its files. A folder that holds anything
/// but an earlier bundle is refused.
pub(crate) fn write_folder(site: &mut Site, folder: &Path) -> Result<u64> {
    ensure!(
        may_replace(folder)?,
        "{} holds other files; choose a new folder, or an empty one",
        folder.display()
    );
    let parent = parent_of(folder);
    let made = tempfile::Builder::new().prefix(".bundle-").tempdir_in(parent);
    let made = made.with_context(|| format!("cannot write into {}", parent.display()))?;
    let mut total = 0;
    let packs = site.packs()?;
    each_part(site, &packs, |name, bytes| {
        let path = made.path().join(script_of(name));
        fs::create_dir_all(parent_of(&path))?;
        let script = format!("{CALL}{name}\",\"{}\")\n", BASE64_STANDARD.encode(bytes));
        fs::write(&path, &script)?;
        total += script.len() as u64;
        Ok(())
    })?;
    let page = made.path().join(PAGE);
    let mut out = BufWriter::new(File::create(&page)?);
    let manifest = fs::read(site.folder.join(MANIFEST))?;
    write_page(&site.manifest, &manifest, Shards::Beside, &mut out, |out| write_about(site, out))?;
    out.flush()?;
    total += fs::metadata(&page)?.len();
    set_readable(made.path(), 0o755)?;
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::rename(made.keep(), folder).with_context(|| format!("cannot write {}", folder.display()))?;
    Ok(total)
}

fn write_page<W: Write>(
    manifest: &Manifest,
    manifest_bytes: &[u8],
    shards: Shards,
    out: &mut W,
    data: impl FnOnce(&mut W) -> Result<()>,
) -> Result<()> {
    let Offline { html, wasm } = page::offline()?;
    let (own, place) = match shards {
        Shards::Inside => ("", "inside"),
        Shards::Beside => (" 'self'", "beside"),
    };
    let title = escape(&manifest.title);
    let (head, rest) = html.split_once("{{opening}}").context("the page has no place for the opening")?;
    let (script, foot) = rest.split_once("{{data}}").context("the page has no place for data")?;
    // The title comes last: it may hold what looks like a place.
    let head = head.replace("{{self}}", own).replace("{{shards}}", place).replace("{{title}}", &title);
    out.write_all(head.as_bytes())?;
    out.write_all(b"\n")?;
    write_elements(out, "wasm", wasm)?;
    write_elements(out, "manifest", manifest_bytes)?;
    out.write_all(script.as_bytes())?;
    out.write_all(b"\n")?;
    data(out)?;
    out.write_all(foot.as_bytes())?;
    Ok(())
}

/// What is told about the archive, where its site tells it.
fn write_about(site: &Site, out: &mut impl Write) -> Result<()> {
    match fs::read(site.folder.join(ABOUT)) {
        Ok(bytes) => write_elements(out, ABOUT, &bytes),
        Err(_) => Ok(()),
    }
}

fn write_elements(out: &mut impl Write, name: &str, bytes: &[u8]) -> Result<()> {
    for (idx, piece) in bytes.chunks(PIECE).enumerate() {
        writeln!(out, "{ELEMENT}{name}:{idx}\">{}</script>", BASE64_STANDARD.encode(piece))?;
    }
    Ok(())
}

/// Calls `visit` with the name and the bytes of every shard, and of every file that attachments and originals lie in; fails
/// where one is not what was built.
fn each_part(
    site: &Site,
    packs: &[([u8; 32], u64)],
    mut visit: impl FnMut(&str, &[u8]) -> Result<()>,
) -> Result<()> {
    let read = |name: &str| {
        let path = site.folder.join(name);
        fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    each_shard(&site.manifest, |shard| {
        let bytes = read(&shard.name)?;
        visit(&shard.name, &bytes)?;
        Ok(bytes)
    })?;
    for (sha256, length) in packs {
        let name = pack_name(sha256);
        let bytes = read(&name)?;
        check_pack(&name, *length, &bytes)?;
        visit(&name, &bytes)?;
    }
    Ok(())
}

/// Reads every shard and checks what it gets: each has the length that the manifest tells, and those of a segment make its
/// id.
fn each_shard(manifest: &Manifest, mut read: impl FnMut(&Shard) -> Result<Vec<u8>>) -> Result<()> {
    for segment in &manifest.segments {
        let mut id = SegmentId::default();
        for shard in &segment.shards {
            let bytes = read(shard)?;
            check_length(&shard.name, shard.length, &bytes)?;
            id.add(&bytes);
        }
        ensure!(id.finish() == segment.id, "the files of segment {} are not what was built", segment.id);
    }
    Ok(())
}

/// The names of packs are hashes, so that one tells by itself whether it is whole.
fn check_pack(name: &str, length: u64, bytes: &[u8]) -> Result<()> {
    check_length(name, length, bytes)?;
    let told = Path::new(name).file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    ensure!(sum(bytes).starts_with(&*told), "{name}: it is not what was built");
    Ok(())
}

fn check_length(name: &str, expected: u64, bytes: &[u8]) -> Result<()> {
    let found = bytes.len() as u64;
    ensure!(found == expected, "{name}: expected {expected} bytes, found {found}");
    Ok(())
}

fn script_of(shard: &str) -> String {
    PathBuf::from(shard).with_extension("js").to_string_lossy().into_owned()
}

fn parent_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Nothing, an empty folder, or a bundle.
fn may_replace(folder: &Path) -> Result<bool> {
    if !folder.exists() {
        return Ok(true);
    }
    let is_empty = fs::read_dir(folder)?.next().is_none();
    Ok(is_empty || is_bundle(folder) && !folder.join(MANIFEST).exists())
}

/// What is made under another name is its owner's alone; a bundle is for everyone.
fn set_readable(path: &Path, mode: u32) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
    }
    #[cfg(not(unix))]
    let _ = (path, mode);
    Ok(())
}

/// Whether this is a file or a folder that [`write_file`] or [`write_folder`] made, by its first data.
pub(crate) fn is_bundle(path: &Path) -> bool {
    let page = if path.is_dir() { path.join(PAGE) } else { path.to_owned() };
    let Ok(file) = File::open(page) else { return false };
    let is_html = path.is_dir() || path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("html"));
    is_html
        && BufReader::new(file)
            .split(b'\n')
            .take(500)
            .any(|line| line.is_ok_and(|line| line.starts_with(ELEMENT.as_bytes())))
}

/// Takes a bundle apart into the files of a site below `out`: the manifest and the shards, each of them checked.
pub(crate) fn unpack(bundle: &Path, out: &Path) -> Result<()> {
    let page = if bundle.is_dir() { bundle.join(PAGE) } else { bundle.to_owned() };
    let file = File::open(&page).with_context(|| format!("cannot read {}", page.display()))?;
    let mut names = BTreeMap::new();
    for line in BufReader::new(file).split(b'\n') {
        let line = line?;
        let Some((name, bytes)) = element(&line)? else { continue };
        ensure!(is_inside(&name), "{name:?} is not a name of a part");
        let path = out.join(if name == "manifest" { MANIFEST } else { &name });
        let n_pieces: &mut u64 = names.entry(name).or_default();
        append(&path, &bytes, *n_pieces == 0)?;
        *n_pieces += 1;
    }
    let manifest: Manifest =
        serde_json::from_slice(&fs::read(out.join(MANIFEST)).context("it holds no manifest")?)?;
    each_shard(&manifest, |shard| {
        let path = out.join(&shard.name);
        if bundle.is_dir() {
            append(&path, &read_script(&bundle.join(script_of(&shard.name)), &shard.name)?, true)?;
        }
        fs::read(&path).with_context(|| format!("{} is missing", shard.name))
    })?;
    if bundle.is_dir() {
        for (sha256, length) in Site::open(out)?.packs()? {
            let name = pack_name(&sha256);
            let bytes = read_script(&bundle.join(script_of(&name)), &name)?;
            check_pack(&name, length, &bytes)?;
            append(&out.join(&name), &bytes, true)?;
        }
    }
    Ok(())
}

/// The name and the bytes of an element; nothing where the line is none.
fn element(line: &[u8]) -> Result<Option<(String, Vec<u8>)>> {
    let Some(rest) = line.strip_prefix(ELEMENT.as_bytes()) else { return Ok(None) };
    let text = std::str::from_utf8(rest).context("an element is damaged")?;
    let parts = text.split_once("\">").and_then(|(id, data)| {
        let (name, _) = id.rsplit_once(':')?;
        Some((name, data.trim_end().strip_suffix("</script>")?))
    });
    let Some((name, data)) = parts else { bail!("an element is cut: copy the file again") };
    let bytes = BASE64_STANDARD.decode(data).with_context(|| format!("{name} is damaged"))?;
    Ok(Some((name.to_owned(), bytes)))
}

fn read_script(path: &Path, name: &str) -> Result<Vec<u8>> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let data = text.trim_end().strip_prefix(CALL).and_then(|rest| rest.strip_prefix(name));
    let data = data.and_then(|rest| rest.strip_prefix("\",\"")).and_then(|rest| rest.strip_suffix("\")"));
    let data = data.with_context(|| format!("{} is not what was written", path.display()))?;
    BASE64_STANDARD.decode(data).with_context(|| format!("{} is damaged", path.display()))
}

fn append(path: &Path, bytes: &[u8], is_first: bool) -> Result<()> {
    fs::create_dir_all(parent_of(path))?;
    let mut file =
        fs::OpenOptions::new().create(true).write(true).append(!is_first).truncate(is_first).open(path)?;
    file.write_all(bytes)?;
    Ok(())
}

#[cfg(test)]
mod tests;
