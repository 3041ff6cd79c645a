//! The order of the build, for `./build.sh`: what cargo alone cannot express.
//!
//! `cargo run -p xtask -- web` compiles the search for browsers, wraps it for JavaScript and bundles the page, each
//! only where something it is made of has changed.

mod fingerprint;
mod web;

use std::env;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["web"] => web::build(),
        _ => bail!("expected `web`, found {arguments:?}"),
    }
}
