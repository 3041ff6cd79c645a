//! The preview server: the files of a site on this computer's loopback address, as a good static host gives them.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, HOST, RANGE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use tower_http::services::ServeDir;

/// What is served and how.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// The folder that `maildex build` made.
    pub(crate) site: PathBuf,
    /// 0 takes any free port.
    pub(crate) port: u16,
    /// Answers part of a file where a part is asked for; without it the server is like the hosts that cannot.
    pub(crate) ranges: bool,
}

/// A server that listens and does not answer yet.
pub(crate) struct Preview {
    listener: std::net::TcpListener,
    address: SocketAddr,
    app: Router,
}

impl Preview {
    /// Listens on the loopback address; fails where the folder is no site or the port is taken.
    pub(crate) fn bind(options: &Options) -> Result<Preview> {
        check_site(&options.site)?;
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).map_err(|error| {
            let port = options.port;
            match error.kind() {
                io::ErrorKind::AddrInUse => anyhow::anyhow!(
                    "port {port} is taken by another program; choose another with --port, or --port 0 for any"
                ),
                _ => anyhow::Error::new(error).context(format!("cannot listen on port {port}")),
            }
        })?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(Preview { listener, address, app: app(options, address.port()) })
    }

    /// The address to open in a browser.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Answers requests until the process ends.
    pub(crate) fn run(self) -> Result<Infallible> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_io().build()?;
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(self.listener)?;
            axum::serve(listener, self.app).await?;
            bail!("the preview server stopped by itself")
        })
    }
}

/// Fails with what to do where `site` is not the folder of a site.
fn check_site(site: &Path) -> Result<()> {
    if site.join("manifest.json").is_file() {
        return Ok(());
    }
    let name = site.display();
    std::fs::read_dir(site).with_context(|| format!("cannot open the folder {name}"))?;
    bail!("{name} is not a site: it has no manifest.json; make one with `maildex build INPUT -o {name}`")
}

fn app(options: &Options, port: u16) -> Router {
    // A link may lead to the site, but not out of it.
    let site = options.site.canonicalize().unwrap_or_else(|_| options.site.clone());
    let gate = Gate { port, ranges: options.ranges, site: site.into() };
    Router::new()
        .fallback_service(ServeDir::new(&options.site))
        .layer(middleware::from_fn_with_state(gate, pass))
}

#[derive(Clone)]
struct Gate {
    port: u16,
    ranges: bool,
    /// The real path of the site.
    site: Arc<Path>,
}

/// Lets a request to this very address pass and gives the answer the headers of a careful static host.
async fn pass(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    if !is_own_host(request.headers(), gate.port) {
        let message = "this server answers only to its own address on this computer\n";
        return (StatusCode::MISDIRECTED_REQUEST, message).into_response();
    }
    // A preview keeps nothing in the browser: at its address another site may be looked at tomorrow.
    if request.uri().path() == "/sw.js" || leaves_site(&gate.site, request.uri().path()) {
        return (StatusCode::NOT_FOUND, [(CACHE_CONTROL, "no-store")]).into_response();
    }
    // A server may take no notice of ranges (RFC 9110, 14.2); several at once need an answer in parts, which no reader
    // of a site asks for.
    let several = |range: &HeaderValue| range.as_bytes().contains(&b',');
    if !gate.ranges || request.headers().get(RANGE).is_some_and(several) {
        request.headers_mut().remove(RANGE);
    }
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let is_answered = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    // What is not there today may be there tomorrow.
    let caching = if is_answered { caching(&path) } else { "no-store" };
    let headers = response.headers_mut();
    if !gate.ranges {
        headers.remove(ACCEPT_RANGES);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// Whether a path leads to something outside the site, by a link.
fn leaves_site(site: &Path, path: &str) -> bool {
    let Ok(path) = percent_decode_str(path.trim_start_matches('/')).decode_utf8() else { return false };
    let asked = site.join(&*path);
    // For a folder the page in it is given.
    [asked.join("index.html"), asked]
        .into_iter()
        .any(|path| path.canonicalize().is_ok_and(|real| !real.starts_with(site)))
}

/// Whether the request was meant for this server. A page of another site can point its own name at 127.0.0.1 and
/// read private mail through it (DNS rebinding); its requests carry that name.
fn is_own_host(headers: &HeaderMap, port: u16) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next().and_then(|host| host.to_str().ok()), hosts.next()) else {
        return false;
    };
    let own = |name: &str| {
        host.strip_prefix(name).is_some_and(|rest| match rest.strip_prefix(':') {
            Some(digits) => digits.parse() == Ok(port),
            None => rest.is_empty() && port == 80,
        })
    };
    ["127.0.0.1", "localhost", "[::1]"].into_iter().any(own)
}

/// Files whose path holds a hash of their content never change; the others are asked for again.
fn caching(path: &str) -> &'static str {
    let is_hashed = ["/d/", "/a/", "/assets/"].iter().any(|folder| path.starts_with(folder));
    if is_hashed { "public, max-age=31536000, immutable" } else { "no-cache" }
}

#[cfg(test)]
mod tests;
