//! The rules of docs/architecture.md that a compiler does not check, held against the sources as text.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The files below a folder of the project that end so, with their texts.
fn sources(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the project") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                let text = fs::read_to_string(&path).expect("a source is UTF-8");
                files.push((path, text));
            }
        }
    }
    assert!(!files.is_empty(), "{folder} holds no {ending}");
    files
}

/// Lines of code, comments left out, that hold any of these.
fn lines_with(files: &[(PathBuf, String)], words: &[&str]) -> Vec<String> {
    let is_code = |line: &&str| !line.trim_start().starts_with("//") && !line.trim_start().starts_with('*');
    let found = files.iter().flat_map(|(path, text)| {
        let lines = text.lines().filter(is_code).filter(|line| words.iter().any(|word| line.contains(word)));
        lines.map(move |line| format!("{}: {}", path.display(), line.trim()))
    });
    found.collect()
}

#[test]
fn the_core_has_no_world_around_it() {
    let files: Vec<_> = sources("crates/maildex-core/src", ".rs")
        .into_iter()
        .filter(|(path, _)| !path.ends_with("tests.rs") && !path.ends_with("forged.rs"))
        .collect();
    let words = ["std::fs", "std::net", "std::time", "std::env", "std::thread", "std::process", "std::io"];
    assert_eq!(lines_with(&files, &words), [] as [String; 0]);
    let words = ["unsafe ", "println!", "eprint", "serde", " as f32", " as f64", ": f64", "HashMap"];
    assert_eq!(lines_with(&files, &words), [] as [String; 0]);
}

#[test]
fn the_core_depends_on_no_crate_of_ours() {
    let manifest = fs::read_to_string(root().join("crates/maildex-core/Cargo.toml")).expect("a manifest");
    let dependencies = manifest.split("[dependencies]").nth(1).expect("a table of dependencies");
    let dependencies = dependencies.split("\n[").next().unwrap_or_default();
    assert!(!dependencies.contains("maildex"), "{dependencies}");
    assert!(!dependencies.contains("serde"), "{dependencies}");
}

#[test]
fn the_page_knows_neither_worker_nor_wasm() {
    let files = sources("www/src/page", ".ts");
    let imports = ["from '../worker", "from \"../worker", "maildex_wasm", "wasm-bindgen", "WebAssembly"];
    assert_eq!(lines_with(&files, &imports), [] as [String; 0]);
}

#[test]
fn no_text_becomes_markup() {
    let files = sources("www/src", ".ts");
    let words = ["innerHTML", "outerHTML", "insertAdjacentHTML", "unsafeHTML", "unsafeSVG", "document.write"];
    assert_eq!(lines_with(&files, &words), [] as [String; 0]);
}
