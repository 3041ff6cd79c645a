//! The search as wasm with its JavaScript, and the page around it, in `target/web`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::fingerprint::Fingerprint;

/// Makes `target/bindgen` and `target/web`.
pub(crate) fn build() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let bindgen = root.join("target/bindgen");
    for engine in ["light", "full"] {
        wrap(&compile(&root, engine)?, &bindgen.join(engine))?;
    }
    bundle(&root, &bindgen, &root.join("target/web"))
}

/// Compiles one of the two engines that the wasm crate describes; cargo knows what has changed.
fn compile(root: &Path, engine: &str) -> Result<PathBuf> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let target = ["--target", "wasm32-unknown-unknown", "--target-dir", "target"];
    let mut command = Command::new(cargo);
    command.current_dir(root).args([
        "build",
        "--quiet",
        "--locked",
        "--package",
        "maildex-wasm",
        "--profile",
        "wasm",
    ]);
    // A panic names its source file: without the folder of this machine it is the same bytes everywhere.
    if let Some(home) = cargo_home() {
        let flag = format!("--remap-path-prefix={}=", home.join("registry/src").display());
        command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flag);
    }
    if engine == "full" {
        command.args(["--features", "full"]);
    }
    run(command.args(target))?;
    Ok(root.join("target/wasm32-unknown-unknown/wasm/maildex_wasm.wasm"))
}

/// Where cargo keeps what it downloads.
fn cargo_home() -> Option<PathBuf> {
    let default =
        || Some(PathBuf::from(env::var_os("HOME").or_else(|| env::var_os("USERPROFILE"))?).join(".cargo"));
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(default)
}

/// Wraps the wasm as a module; the page from a disk holds the same module bundled into its one script.
fn wrap(wasm: &Path, out: &Path) -> Result<()> {
    let inputs = Fingerprint::new().with(wasm)?;
    inputs.unless_current(&out.join("stamp"), || {
        let mut bindgen = Bindgen::new();
        bindgen.input_path(wasm).typescript(true);
        bindgen.remove_name_section(true).remove_producers_section(true);
        bindgen.web(true)?.generate(out)
    })
}

/// Bundles the page. Its packages are there already: `./build.sh` has installed them.
fn bundle(root: &Path, bindgen: &Path, out: &Path) -> Result<()> {
    let www = root.join("www");
    if !www.join("node_modules").is_dir() {
        bail!("the packages of www are not installed; run ./build.sh, or `npm ci` in www");
    }
    let mut inputs = Fingerprint::new().with(bindgen)?;
    for part in ["src", "build.mjs", "package.json", "package-lock.json"] {
        inputs = inputs.with(&www.join(part))?;
    }
    // Beside the folder, because every file in it becomes part of the binary.
    inputs.unless_current(&root.join("target/web.stamp"), || {
        if out.exists() {
            fs::remove_dir_all(out).with_context(|| format!("cannot empty {}", out.display()))?;
        }
        let mut command = Command::new("npm");
        command.current_dir(&www).args(["run", "--silent", "build", "--"]);
        command.args([OsStr::new("--bindgen"), bindgen.as_os_str(), OsStr::new("--out"), out.as_os_str()]);
        run(&mut command)
    })
}

fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("cannot start {name}"))?;
    if !status.success() {
        bail!("{name} failed ({status})");
    }
    Ok(())
}
