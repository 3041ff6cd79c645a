use std::io::{Read, Write};
use std::net::TcpStream;
use std::{fs, thread};

use super::*;

/// A site with one file of each kind, served from a thread that ends with the test process.
struct Served {
    port: u16,
    folder: tempfile::TempDir,
}

fn serve(ranges: bool) -> Served {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("secret.txt"), "outside").unwrap();
    let site = folder.path().join("site");
    for (name, content) in [
        ("index.html", "<!doctype html>"),
        ("manifest.json", "{}"),
        ("d/0a1b.7z", "0123456789"),
        ("assets/page-0a1b.js", "let a"),
        ("assets/search-0a1b.wasm", "\0asm"),
    ] {
        let path = site.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    let preview = Preview::bind(&Options { site, port: 0, ranges }).unwrap();
    let port = preview.address.port();
    thread::spawn(|| preview.run());
    Served { port, folder }
}

impl Served {
    fn connect(&self) -> TcpStream {
        TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap()
    }

    /// Sends one request with the right Host and returns the whole answer.
    fn get(&self, path: &str, headers: &str) -> String {
        let host = format!("127.0.0.1:{}", self.port);
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n"))
    }

    fn send(&self, request: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).to_lowercase()
    }
}

fn assert_has(answer: &str, parts: &[&str]) {
    for part in parts {
        assert!(answer.contains(part), "{part:?} is not in {answer}");
    }
}

#[test]
fn files_have_their_types_and_caching() {
    let served = serve(true);
    let hashed = "cache-control: public, max-age=31536000, immutable";
    for (path, parts) in [
        ("/", ["200 ok", "content-type: text/html", "cache-control: no-cache"]),
        ("/manifest.json", ["200 ok", "content-type: application/json", "cache-control: no-cache"]),
        ("/d/0a1b.7z", ["200 ok", "content-type: application/x-7z-compressed", hashed]),
        ("/assets/page-0a1b.js", ["200 ok", "content-type: text/javascript", hashed]),
        ("/assets/search-0a1b.wasm", ["200 ok", "content-type: application/wasm", hashed]),
    ] {
        assert_has(&served.get(path, ""), &parts);
    }
    assert_has(&served.get("/absent", ""), &["404 not found"]);
}

#[test]
fn parts_of_files() {
    let served = serve(true);
    let part = served.get("/d/0a1b.7z", "Range: bytes=2-4\r\n");
    assert_has(&part, &["206 partial content", "content-range: bytes 2-4/10", "content-length: 3"]);
    assert!(part.ends_with("\r\n\r\n234"), "{part}");
    let end = served.get("/d/0a1b.7z", "Range: bytes=8-99\r\n");
    assert_has(&end, &["206 partial content", "content-range: bytes 8-9/10"]);
    assert_has(
        &served.get("/d/0a1b.7z", "Range: bytes=10-12\r\n"),
        &["416 range not satisfiable", "bytes */10"],
    );
}

#[test]
fn parts_in_other_words() {
    let served = serve(true);
    let last = served.get("/d/0a1b.7z", "Range: bytes=-3\r\n");
    assert_has(&last, &["206 partial content", "content-range: bytes 7-9/10"]);
    assert!(last.ends_with("\r\n\r\n789"), "{last}");
    let rest = served.get("/d/0a1b.7z", "Range: bytes=6-\r\n");
    assert_has(&rest, &["206 partial content", "content-range: bytes 6-9/10"]);
    // Several at once: the whole file, which is always allowed.
    let several = served.get("/d/0a1b.7z", "Range: bytes=0-1,4-5\r\n");
    assert_has(&several, &["200 ok", "content-length: 10"]);
    assert!(several.ends_with("0123456789"), "{several}");
}

#[test]
fn a_head_has_no_body() {
    let served = serve(true);
    let host = format!("127.0.0.1:{}", served.port);
    let head = served.send(&format!("HEAD /d/0a1b.7z HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
    assert_has(&head, &["200 ok", "content-length: 10", "accept-ranges: bytes"]);
    assert!(head.ends_with("\r\n\r\n"), "{head}");
}

#[test]
fn what_is_not_there_is_not_kept() {
    let served = serve(true);
    for (path, header, status) in [
        ("/d/absent.7z", "", "404 not found"),
        ("/assets/absent.js", "", "404 not found"),
        ("/d/0a1b.7z", "Range: bytes=10-12\r\n", "416 range not satisfiable"),
    ] {
        let answer = served.get(path, header);
        assert_has(&answer, &[status, "cache-control: no-store"]);
        assert!(!answer.contains("immutable"), "{answer}");
    }
}

#[cfg(unix)]
#[test]
fn a_preview_starts_no_service_worker() {
    let served = serve(true);
    fs::write(served.folder.path().join("site/sw.js"), "let a").unwrap();
    assert_has(&served.get("/sw.js", ""), &["404 not found", "cache-control: no-store"]);
}

#[test]
fn links_lead_nowhere_outside() {
    use std::os::unix::fs::symlink;
    let served = serve(true);
    let site = served.folder.path().join("site");
    symlink("../secret.txt", site.join("link.txt")).unwrap();
    symlink("../../secret.txt", site.join("d/link.7z")).unwrap();
    symlink("..", site.join("up")).unwrap();
    fs::create_dir(site.join("deep")).unwrap();
    symlink("../../secret.txt", site.join("deep/index.html")).unwrap();
    symlink("d/0a1b.7z", site.join("inside.7z")).unwrap();
    for path in ["/link.txt", "/d/link.7z", "/d/%6cink.7z", "/up/secret.txt", "//link.txt", "/deep/"] {
        let answer = served.get(path, "");
        assert_has(&answer, &["404 not found"]);
        assert!(!answer.contains("outside"), "{path}: {answer}");
    }
    assert_has(&served.get("/inside.7z", ""), &["200 ok", "0123456789"]);
}

#[test]
fn a_host_without_ranges() {
    let served = serve(false);
    let whole = served.get("/d/0a1b.7z", "Range: bytes=2-4\r\n");
    assert_has(&whole, &["200 ok", "content-length: 10"]);
    assert!(!whole.contains("range"), "{whole}");
}

#[test]
fn another_name_for_this_computer_is_refused() {
    let served = serve(true);
    let port = served.port;
    for host in [format!("mail.example:{port}"), "127.0.0.1:1".into(), "127.0.0.1".into(), String::new()] {
        let request = format!("GET /manifest.json HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        assert_has(&served.send(&request), &["421 misdirected request"]);
    }
    for host in ["localhost", "127.0.0.1", "[::1]"] {
        let request =
            format!("GET /manifest.json HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n");
        assert_has(&served.send(&request), &["200 ok"]);
    }
}

#[test]
fn nothing_outside_the_site() {
    let served = serve(true);
    for path in ["/../secret.txt", "/%2e%2e/secret.txt", "/d/..%2f..%2fsecret.txt", "/..%5csecret.txt"] {
        let answer = served.get(path, "");
        assert!(!answer.contains("outside"), "{path}: {answer}");
        assert!(!answer.contains("200 ok"), "{path}: {answer}");
    }
}

#[test]
fn only_reading() {
    let served = serve(true);
    let host = format!("127.0.0.1:{}", served.port);
    let request = format!(
        "POST /manifest.json HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    assert_has(&served.send(&request), &["405 method not allowed"]);
}

#[test]
fn a_connection_serves_many_requests() {
    let served = serve(true);
    let mut stream = served.connect();
    for _ in 0..3 {
        let request = format!("GET /d/0a1b.7z HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", served.port);
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        let mut chunk = [0; 512];
        while !answer.ends_with(b"0123456789") {
            let n = stream.read(&mut chunk).unwrap();
            assert_ne!(n, 0, "closed after {}", String::from_utf8_lossy(&answer));
            answer.extend_from_slice(&chunk[..n]);
        }
    }
}

#[test]
fn a_folder_that_is_no_site() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { site: folder.path().into(), port: 0, ranges: true };
    let error = Preview::bind(&options).err().unwrap().to_string();
    assert!(error.contains("it has no manifest.json; make one with"), "{error}");
    let options = Options { site: folder.path().join("absent"), ..options };
    assert!(Preview::bind(&options).err().unwrap().to_string().contains("cannot open the folder"));
}

#[test]
fn a_taken_port_says_what_to_do() {
    let served = serve(true);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("manifest.json"), "{}").unwrap();
    let options = Options { site: folder.path().into(), port: served.port, ranges: true };
    assert!(Preview::bind(&options).err().unwrap().to_string().contains("choose another with --port"));
}
