//! Attachments and originals of a site, read back: nothing is given away whose SHA-256 is not that of its message.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use maildex_build::build::copy_file;
use maildex_core::format::kept::KeptFile;

/// Writes a kept file under `target`, whole and right or not at all; gives where. A folder gets it under `name`, and what
/// is there already stays.
pub(crate) fn save(folder: &Path, file: &KeptFile, target: &Path, name: &str) -> Result<PathBuf> {
    let is_folder = target.is_dir();
    let path = if is_folder { target.join(name) } else { target.to_owned() };
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut made = tempfile::NamedTempFile::new_in(parent)
        .with_context(|| format!("cannot write into {}", parent.display()))?;
    copy_file(folder, file, made.as_file_mut())?;
    set_readable(made.path())?;
    let written = if is_folder { made.persist_noclobber(&path) } else { made.persist(&path) };
    written.with_context(|| format!("cannot write {}; name another file with -o", path.display()))?;
    Ok(path)
}

/// What is made under another name is its owner's alone.
fn set_readable(path: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o644))?;
    }
    #[cfg(not(unix))]
    let _ = (path, fs::metadata);
    Ok(())
}

/// Bytes of a file name; file systems take 255.
const LONGEST: usize = 150;

/// The name that an attachment is saved under: no path, nothing hidden, nothing that a system takes for a device, no
/// control characters and none that turn the direction of writing. What a file is called is its sender's choice.
pub(crate) fn safe_name(name: &str, number: usize) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_turn = |c: char| matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let kept = last.chars().filter(|c| !c.is_control() && !is_turn(*c));
    let plain: String = kept.map(|c| if "<>:\"|?*".contains(c) { '_' } else { c }).collect();
    let plain = plain.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let (stem, ending) = match plain.rsplit_once('.') {
        Some((stem, ending)) if ending.len() <= 20 => (stem, format!(".{ending}")),
        _ => (plain, String::new()),
    };
    let stem = &stem[..stem.floor_char_boundary(LONGEST - ending.len())];
    // Windows takes these for devices, with any ending.
    let first = stem.split('.').next().unwrap_or_default().trim().to_ascii_uppercase();
    let is_device = matches!(first.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || (first.len() == 4 && (first.starts_with("COM") || first.starts_with("LPT")));
    match (stem, is_device) {
        ("", _) => format!("attachment-{number}{ending}"),
        (_, true) => format!("_{stem}{ending}"),
        _ => format!("{stem}{ending}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere_and_hide_nothing() {
        let check = |name: &str, safe: &str| assert_eq!(safe_name(name, 3), safe, "{name:?}");
        check("plan.pdf", "plan.pdf");
        check("../../etc/passwd", "passwd");
        check("C:\\Windows\\evil.exe", "evil.exe");
        check("evil.pdf.exe", "evil.pdf.exe");
        check("a\u{202E}fdp.exe", "afdp.exe");
        check("\u{1b}[31mred\n.txt", "[31mred.txt");
        check(".bashrc", "bashrc");
        check(". .bashrc", "bashrc");
        check("..", "attachment-3");
        check("", "attachment-3");
        check("/", "attachment-3");
        check("CON", "_CON");
        check("lpt1.txt", "_lpt1.txt");
        check("what?.txt", "what_.txt");
        check("trailing. ", "trailing");
        check("Entwürfe.docx", "Entwürfe.docx");
    }

    #[test]
    fn long_names_keep_their_ending() {
        let name = safe_name(&format!("{}.pdf", "ä".repeat(300)), 1);
        assert!(name.len() <= LONGEST && name.ends_with("ä.pdf"), "{name}");
        assert!(safe_name(&"x".repeat(1000), 1).len() <= LONGEST);
        assert!(safe_name(&format!("a.{}", "y".repeat(1000)), 1).len() <= LONGEST);
    }
}
