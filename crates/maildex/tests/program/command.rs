//! The program as a person runs it: what it prints, how it ends, what it leaves behind.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use maildex_build::build::site::sum;

use crate::{MAILDEX, maildex};

/// What it said on standard error; one line, or the test fails.
fn error(folder: &Path, args: &[&str]) -> String {
    let output = maildex(folder, args);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {output:?}");
    let said = String::from_utf8(output.stderr).expect("text");
    assert_eq!(said.trim_end().lines().count(), 1, "{args:?}: {said}");
    said
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("a name").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// A folder with `demo.mbox` and its `site`, cut in the days of Berlin.
fn demo() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let made = maildex(folder.path(), &["demo", "--messages", "40", "-o", "demo.mbox", "--quiet"]);
    assert!(made.status.success(), "{made:?}");
    let built =
        maildex(folder.path(), &["build", "demo.mbox", "-o", "site", "--zone", "Asia/Tokyo", "--quiet"]);
    assert!(built.status.success(), "{built:?}");
    folder
}

#[test]
fn verify_finds_every_change() {
    let folder = demo();
    let site = folder.path().join("site");
    assert!(maildex(folder.path(), &["verify", "site"]).status.success());
    let script =
        names(&site.join("assets")).into_iter().find(|name| name.ends_with(".js")).expect("a script");
    let segment = format!("d/{}", names(&site.join("d")).remove(0));
    let shard = format!("{segment}/{}", names(&site.join(&segment)).remove(0));
    let list = "SHA256SUMS";
    for name in ["index.html".into(), format!("assets/{script}"), shard, list.to_owned()] {
        let path = site.join(&name);
        let before = fs::read(&path).expect("a file");
        let check = |what: &str| {
            let output = maildex(folder.path(), &["verify", "site"]);
            assert_eq!(output.status.code(), Some(2), "{name} {what}: {output:?}");
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            // A list with one wrong sum accuses the file that the sum is of.
            let named = if name == list && what == "changed" { "is not what was built" } else { &name };
            assert!(said.contains(named), "{name} {what}: {said}");
        };
        fs::remove_file(&path).expect("removed");
        check("missing");
        let mut changed = before.clone();
        if name == list {
            changed[0] = if before[0] == b'0' { b'1' } else { b'0' };
        } else {
            changed[before.len() / 2] ^= 1;
        }
        fs::write(&path, &changed).expect("written");
        check("changed");
        fs::write(&path, &before).expect("written");
    }
    fs::write(site.join("CNAME"), "mail.example").expect("written");
    assert!(maildex(folder.path(), &["verify", "site"]).status.success());
}

#[test]
fn verify_compares_files_with_the_id_of_their_segment() {
    let folder = demo();
    let site = folder.path().join("site");
    let (id, forged) = (names(&site.join("d")).remove(0), "0123456789abcdef0123");
    fs::rename(site.join("d").join(&id), site.join("d").join(forged)).expect("renamed");
    let edit = |name: &str, from: &str, to: &str| {
        let text = fs::read_to_string(site.join(name)).expect("a text");
        assert!(text.contains(from), "{name} has {from}");
        fs::write(site.join(name), text.replace(from, to)).expect("written");
    };
    let sum_of = || sum(&fs::read(site.join("manifest.json")).expect("a manifest"));
    let before = sum_of();
    edit("manifest.json", &id, forged);
    edit("SHA256SUMS", &id, forged);
    edit("SHA256SUMS", &before, &sum_of());
    let output = maildex(folder.path(), &["verify", "site"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("d/0123456789abcdef0123: its files are others than its name says"), "{said}");
}

#[test]
fn dates_are_told_in_the_zone_of_the_archive() {
    let folder = demo();
    let json = |args: &[&str]| -> serde_json::Value {
        serde_json::from_slice(&maildex(folder.path(), args).stdout).expect("JSON")
    };
    let found = json(&["search", "site", "", "--json", "--limit", "1"]);
    let date = found["hits"][0]["date"].as_str().expect("a date");
    let key = found["hits"][0]["key"].as_str().expect("a key");
    assert!(date.ends_with("+09:00"), "{date}");
    assert_eq!(json(&["show", "site", key, "--json"])["date"], date);
    assert_eq!(json(&["info", "site", "--json"])["last_date"], date);
    // Days are cut where dates are told.
    let (day, time) = date.split_at(10);
    let query = format!("date:{day}");
    let of_day = json(&["search", "site", &query, "--json"]);
    assert!(of_day["hits"].as_array().expect("hits").iter().any(|hit| hit["key"] == key), "{of_day}");
    let text = |args: &[&str]| String::from_utf8(maildex(folder.path(), args).stdout).expect("text");
    let minute = format!("{day} {}", &time[1..6]);
    assert!(text(&["show", "site", key]).contains(&format!("Date:       {minute} +09:00")));
    assert!(text(&["search", "site", "", "--limit", "1"]).contains(&minute));
}

#[test]
fn every_answer_says_what_is_nowhere() {
    let folder = demo();
    for more in [&["--count"][..], &["--facets", "people"], &["--format", "csv"], &[]] {
        let args = [&["search", "site", "label:nowhere OR badger"], more].concat();
        let said = String::from_utf8(maildex(folder.path(), &args).stderr).expect("text");
        let notes: Vec<&str> = said.lines().filter(|said| said.starts_with("note: ")).collect();
        assert!(matches!(notes[..], [note] if note.contains("label:nowhere")), "{args:?}: {said}");
    }
}

#[test]
fn the_index_is_told_by_field() {
    let folder = demo();
    let json = |args: &[&str]| -> serde_json::Value {
        serde_json::from_slice(&maildex(folder.path(), args).stdout).expect("JSON")
    };
    assert!(json(&["info", "site", "--json"])["fields"].is_null());
    let info = json(&["info", "site", "--sections", "--json"]);
    let any = &info["fields"][0];
    assert_eq!(any["name"], "any");
    let number = |name: &str| any[name].as_u64().expect("a number");
    assert!(number("postings") > number("lists") && number("lists") > 500, "{any}");
    // A small archive's lists are far from the bound, but not below half of it or at ten times.
    for (bytes, bound) in [("list_bytes", "list_bound"), ("position_bytes", "position_bound")] {
        let share = number(bytes) * 100 / number(bound);
        assert!((50..1000).contains(&share), "{bytes}: {share} % of the bound");
    }
    let told = maildex(folder.path(), &["info", "site", "--sections"]).stdout;
    let told = String::from_utf8(told).expect("text");
    assert!(told.lines().any(|line| line.trim_start().starts_with("subject ")), "{told}");
}

#[test]
fn one_input_without_mail_among_others() {
    let folder = demo();
    fs::write(folder.path().join("x.pdf"), "%PDF-1.4").expect("written");
    let args = ["build", "x.pdf", "demo.mbox", "-o", "two", "--report", "two.json"];
    let output = maildex(folder.path(), &args);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("no mail found in x.pdf (not mail)"), "{said}");
    let report = fs::read(folder.path().join("two.json")).expect("a report");
    let report: serde_json::Value = serde_json::from_slice(&report).expect("JSON");
    assert_eq!(report["inputs"][0]["found"], 0);
    assert_eq!(report["inputs"][1]["found"], 40);
    let said = error(folder.path(), &["build", "x.pdf", "-o", "one"]);
    assert!(said.contains("x.pdf"), "{said}");
    assert_eq!(names(folder.path()), ["demo.mbox", "site", "two", "two.json", "x.pdf"]);
}

#[test]
fn errors_are_one_line_that_names_the_thing() {
    let folder = demo();
    fs::create_dir(folder.path().join("full")).expect("a folder");
    fs::write(folder.path().join("full/thesis.tex"), "").expect("written");
    fs::create_dir(folder.path().join("forged")).expect("a folder");
    fs::write(folder.path().join("forged/manifest.json"), "{").expect("written");
    for (args, parts) in [
        (&["build", "absent", "-o", "s"][..], &["absent", "check the path"][..]),
        (&["build", "demo.mbox", "-o", "full"], &["full", "name another folder"]),
        (&["build", "demo.mbox", "-o", "demo.mbox/s"], &["demo.mbox/s"]),
        (&["build", "demo.mbox", "-o", "s", "--report", "no/x.json"], &["no/x.json", "check its folder"]),
        (&["build", "demo.mbox", "-o", "s", "--profile", "absent"], &["absent", "clinton"]),
        (&["search", "absent", "x"], &["absent"]),
        (&["search", "full", "x"], &["full is not a site", "maildex build"]),
        (&["info", "forged"], &["forged/manifest.json"]),
        (&["verify", "full"], &["full is not a site"]),
        (&["serve", "full"], &["full is not a site"]),
        (&["show", "site", "12"], &["12", "16 hexadecimal digits"]),
        (&["demo", "-o", "no/demo.mbox"], &["no/demo.mbox"]),
    ] {
        let said = error(folder.path(), args);
        for part in parts {
            assert!(said.contains(part), "{args:?}: {said}");
        }
        let clauses: Vec<&str> = said.trim_end().split(": ").collect();
        let twice = (1..clauses.len()).any(|at| clauses[at - 1] == clauses[at]);
        assert!(!twice, "said twice: {said}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_build_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = maildex(folder.path(), &["demo", "--messages", "20000", "-o", "demo.mbox", "--quiet"]);
    assert!(made.status.success(), "{made:?}");
    for signal in ["-INT", "-TERM"] {
        let build = Command::new(MAILDEX)
            .args(["build", "demo.mbox", "-o", "site"])
            .current_dir(folder.path())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        while names(folder.path()).len() < 2 {
            std::thread::yield_now();
        }
        let sent = Command::new("kill").args([signal, &build.id().to_string()]).status().expect("kill runs");
        assert!(sent.success());
        let output = build.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(130), "{output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "maildex: interrupted; nothing was written\n");
        assert_eq!(names(folder.path()), ["demo.mbox"]);
    }
}

#[test]
fn a_site_tells_what_it_was_made_of() {
    let folder = demo();
    let build = |out: &str, more: &[&str]| {
        let base = ["build", "demo.mbox", "notes", "-o", out, "--title", "T", "--quiet"];
        maildex(folder.path(), &[&base[..], more].concat())
    };
    fs::create_dir(folder.path().join("notes")).expect("a folder");
    fs::write(folder.path().join("notes/cat.png"), b"\x89PNG\r\n\x1a\n").expect("a file");
    let said =
        ["--description", "Mail of <b>nobody</b>", "--contact", "amy@acme.example", "--licence", "CC0"];
    assert_eq!(build("one", &said).status.code(), Some(1), "an input holds no mail");
    build("two", &[&said[..], &["--threads", "1"]].concat());
    let about = fs::read(folder.path().join("one/about.json")).expect("it is there");
    assert_eq!(about, fs::read(folder.path().join("two/about.json")).expect("it is there"));
    let text = String::from_utf8(about.clone()).expect("text");
    assert!(!text.contains(&*folder.path().to_string_lossy()), "{text}");
    let about: serde_json::Value = serde_json::from_slice(&about).expect("JSON");
    assert_eq!((&about["title"], &about["description"]), (&"T".into(), &"Mail of <b>nobody</b>".into()));
    let info = maildex(folder.path(), &["info", "one", "--json"]).stdout;
    let info: serde_json::Value = serde_json::from_slice(&info).expect("JSON");
    assert_eq!(about["indexed"], info["messages"]);
    assert_eq!(about["source_url"], serde_json::Value::Null);
    let mbox = fs::read(folder.path().join("demo.mbox")).expect("it is there");
    let [first, second] = [&about["inputs"][0], &about["inputs"][1]];
    assert_eq!(first["sum"]["sha256"], sum(&mbox).as_str());
    assert_eq!(first["sum"]["bytes"], mbox.len());
    assert_eq!((&second["source"], &second["sum"]["files"]), (&"notes".into(), &1.into()));
    assert_eq!(second["not_read"][0]["example"], "notes/cat.png");
    assert!(maildex(folder.path(), &["verify", "one"]).status.success());
    let wrong =
        maildex(folder.path(), &["build", "demo.mbox", "-o", "three", "--source-url", "javascript:x"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("https://example.org"), "{wrong:?}");
}

#[test]
fn mail_is_added_to_a_site() {
    let folder = demo();
    let at = folder.path();
    let made = maildex(at, &["demo", "--messages", "60", "--seed", "7", "-o", "more.mbox", "--quiet"]);
    assert!(made.status.success(), "{made:?}");
    let before = names(&at.join("site/d"));
    let about = || -> serde_json::Value {
        let about = fs::read_to_string(at.join("site/about.json")).expect("a file");
        serde_json::from_str(&about).expect("JSON")
    };
    let indexed = about()["indexed"].as_u64().expect("a number");
    let output = maildex(at, &["add", "site", "more.mbox"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("60 in the archive") && said.contains("to upload: "), "{said}");
    let after = names(&at.join("site/d"));
    assert!(before.iter().all(|name| after.contains(name)));
    let verified = maildex(at, &["verify", "site"]);
    assert!(verified.status.success(), "{verified:?}");
    let about = about();
    assert_eq!(about["indexed"], indexed + 60);
    assert_eq!(about["inputs"].as_array().map(Vec::len), Some(2));
    assert_eq!(about["made"]["zone"], "Asia/Tokyo");
    // All of it is there by now, and nothing is touched.
    let manifest = fs::read(at.join("site/manifest.json")).expect("a file");
    let again = maildex(at, &["add", "site", "demo.mbox", "more.mbox"]);
    assert_eq!(again.status.code(), Some(1), "{again:?}");
    assert!(String::from_utf8_lossy(&again.stdout).contains("nothing new: the site is as it was"));
    assert_eq!(fs::read(at.join("site/manifest.json")).expect("a file"), manifest);
}

#[test]
fn a_site_of_many_parts_is_to_be_merged() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let letter = |n: u32| {
        let mail =
            format!("From: amy@ferry.example\nMessage-ID: <{n}@ferry.example>\nSubject: {n}\n\nAye.\n");
        fs::write(at.join("one.eml"), mail).expect("written");
    };
    letter(0);
    assert!(maildex(at, &["build", "one.eml", "-o", "site", "--quiet"]).status.success());
    for n in 1..=12 {
        letter(n);
        let output = maildex(at, &["add", "site", "one.eml"]);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(said.contains("maildex merge"), n == 12, "{n}: {said}");
    }
    let info = maildex(at, &["info", "site"]);
    assert!(String::from_utf8_lossy(&info.stdout).contains("13 parts (maildex merge"), "{info:?}");
    let output = maildex(at, &["merge", "site"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("13 parts are one now, of 13 messages"), "{said}");
    assert!(maildex(at, &["verify", "site"]).status.success());
    let output = maildex(at, &["merge", "site"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("one part: nothing to do"), "{said}");
}

#[test]
fn parts_merge_to_the_site_of_one_build() {
    let folder = demo();
    let at = folder.path();
    let made = maildex(at, &["demo", "--messages", "60", "--seed", "7", "-o", "more.mbox", "--quiet"]);
    assert!(made.status.success(), "{made:?}");
    let options =
        ["--attachments", "keep", "--originals", "keep", "--zone", "Europe/Paris", "--feed", "--crawlable"];
    let build = |inputs: &[&str], out: &str| {
        let arguments = [&["build", "--title", "Demo", "--quiet", "-o", out], inputs, &options].concat();
        let output = maildex(at, &arguments);
        assert!(output.status.success(), "{output:?}");
    };
    build(&["demo.mbox", "more.mbox"], "whole");
    build(&["demo.mbox"], "parts");
    assert!(maildex(at, &["add", "parts", "more.mbox"]).status.success());
    let output = maildex(at, &["merge", "parts"]);
    assert!(output.status.success(), "{output:?}");
    // What is told about the inputs names them in the same order, but not its own fields.
    let sums = |site: &str| -> Vec<String> {
        let sums = fs::read_to_string(at.join(site).join("SHA256SUMS")).expect("sums");
        sums.lines().filter(|line| !line.ends_with(" about.json")).map(str::to_owned).collect()
    };
    let (parts, whole) = (sums("parts"), sums("whole"));
    let differ: Vec<&String> = parts.iter().filter(|line| !whole.contains(line)).collect();
    assert!(differ.is_empty() && parts.len() == whole.len() && parts.len() > 50, "{differ:?}");
    assert!(maildex(at, &["verify", "parts"]).status.success());
}

/// Whoever stands in the site, or names it by a link, finds it there afterwards.
#[cfg(unix)]
#[test]
fn a_site_is_replaced_where_it_is() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = demo();
    let at = folder.path();
    let site = at.join("site");
    fs::write(site.join("CNAME"), "mail.example").expect("written");
    fs::set_permissions(&site, fs::Permissions::from_mode(0o750)).expect("set");
    std::os::unix::fs::symlink("site", at.join("link")).expect("a link");
    for (seed, place, name) in
        [("7", ".", "link"), ("8", "site", "../site"), ("9", "site", "."), ("10", "site/d", "..")]
    {
        let made = maildex(at, &["demo", "--messages", "20", "--seed", seed, "-o", "more.mbox", "--quiet"]);
        assert!(made.status.success(), "{made:?}");
        let added = maildex(at, &["add", "site", "more.mbox"]);
        assert!(added.status.success(), "{added:?}");
        let output = maildex(&at.join(place), &["merge", name]);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && said.contains("2 parts are one now"), "{name}: {output:?}");
        assert!(maildex(at, &["verify", "site"]).status.success(), "{name}");
        assert_eq!(fs::read_to_string(site.join("CNAME")).expect("a file"), "mail.example");
        assert_eq!(fs::metadata(&site).expect("a folder").permissions().mode() & 0o777, 0o750, "{name}");
        assert!(names(at).iter().chain(&names(&site)).all(|name| !name.contains("building")), "{name}");
    }
    assert!(fs::symlink_metadata(at.join("link")).expect("a link").is_symlink());
}

#[test]
fn what_was_left_out_cannot_be_added_to() {
    let folder = demo();
    let at = folder.path();
    let built = maildex(at, &["build", "demo.mbox", "-o", "less", "--exclude", "is:reply", "--quiet"]);
    assert!(built.status.success(), "{built:?}");
    let said = error(at, &["add", "less", "demo.mbox"]);
    assert!(said.contains("--exclude") && said.contains("build it anew"), "{said}");
    let merged = maildex(at, &["merge", "less"]);
    assert!(
        merged.status.success() && String::from_utf8_lossy(&merged.stdout).contains("one part"),
        "{merged:?}"
    );
    let about = fs::read_to_string(at.join("less/about.json")).expect("a file");
    assert!(about.contains("\"less\":true") && !about.contains("is:reply"), "{about}");
    assert!(error(at, &["add", "absent", "demo.mbox"]).contains("absent"));
}
