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
use maildex_build::build::site::{MANIFEST, Manifest, Shard, sum};
use maildex_core::format::kept::pack_name;

use crate::about::ABOUT;
use crate::archive::{Site, is_inside};
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
    let parts = parts(site)?;
    let mut made = tempfile::NamedTempFile::new_in(parent_of(file))
        .with_context(|| format!("cannot write into {}", parent_of(file).display()))?;
    let mut out = BufWriter::new(made.as_file_mut());
    write_page(&site.manifest, &fs::read(site.folder.join(MANIFEST))?, Shards::Inside, &mut out, |out| {
        write_about(site, out)?;
        for shard in &parts {
            let bytes = read_shard(site, shard)?;
            write_elements(out, &shard.name, &bytes)?;
        }
        Ok(())
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
    for shard in parts(site)? {
        let bytes = read_shard(site, &shard)?;
        let path = made.path().join(script_of(&shard.name));
        fs::create_dir_all(parent_of(&path))?;
        let script = format!("{CALL}{}\",\"{}\")\n", shard.name, BASE64_STANDARD.encode(bytes));
        fs::write(&path, &script)?;
        total += script.len() as u64;
    }
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

/// Every shard once: segments may share one.
fn shards(manifest: &Manifest) -> impl Iterator<Item = &Shard> {
    let all = manifest.segments.iter().flat_map(|segment| &segment.shards);
    all.map(|shard| (&shard.name, shard)).collect::<BTreeMap<_, _>>().into_values()
}

/// Every shard, and every file that attachments and originals lie in.
fn parts(site: &mut Site) -> Result<Vec<Shard>> {
    let mut parts: Vec<Shard> = shards(&site.manifest).cloned().collect();
    parts.extend(site.packs()?.iter().map(|(sha256, length)| pack(sha256, *length)));
    Ok(parts)
}

fn pack(sha256: &[u8; 32], length: u64) -> Shard {
    Shard { offset: 0, length, name: pack_name(sha256) }
}

fn read_shard(site: &Site, shard: &Shard) -> Result<Vec<u8>> {
    let path = site.folder.join(&shard.name);
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    check_shard(shard, &bytes)?;
    Ok(bytes)
}

/// Names are hashes, so that a shard tells by itself whether it is whole.
fn check_shard(shard: &Shard, bytes: &[u8]) -> Result<()> {
    let length = bytes.len() as u64;
    ensure!(length == shard.length, "{}: expected {} bytes, found {length}", shard.name, shard.length);
    let told = Path::new(&shard.name).file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    ensure!(sum(bytes).starts_with(&*told), "{}: it is not what was built", shard.name);
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
    for shard in shards(&manifest) {
        ensure!(is_inside(&shard.name), "the shard {:?} is not a path inside the archive", shard.name);
        let path = out.join(&shard.name);
        if bundle.is_dir() {
            append(&path, &read_script(&bundle.join(script_of(&shard.name)), &shard.name)?, true)?;
        }
        let bytes = fs::read(&path).with_context(|| format!("{} is missing", shard.name))?;
        check_shard(shard, &bytes)?;
    }
    if bundle.is_dir() {
        for (sha256, length) in Site::open(out)?.packs()? {
            let pack = pack(&sha256, length);
            let bytes = read_script(&bundle.join(script_of(&pack.name)), &pack.name)?;
            check_shard(&pack, &bytes)?;
            append(&out.join(&pack.name), &bytes, true)?;
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
