use super::*;

fn manifest() -> Manifest {
    Manifest { format: 1, title: "t".into(), segments: Vec::new() }
}

fn site(out: &Path, page: &str) {
    let mut writer = SiteWriter::new(out).unwrap();
    let files = [("index.html", page), ("assets/a.js", "let a")];
    let files = files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).into();
    writer.write(&manifest(), &files).unwrap();
    writer.finish().unwrap();
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn every_file_is_listed_with_its_sum() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    site(&out, "page");
    let sums = read_sums(&out).unwrap();
    let listed: Vec<&str> = sums.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(listed, ["assets/a.js", "index.html", "manifest.json"]);
    for (name, own) in &sums {
        assert_eq!(*own, sum(&fs::read(out.join(name)).unwrap()), "{name}");
    }
    fs::write(out.join(SUMS), "no list\n").unwrap();
    read_sums(&out).unwrap_err();
    fs::write(out.join(SUMS), format!("{}  cut", sum(b""))).unwrap();
    read_sums(&out).unwrap_err();
}

#[test]
fn what_no_build_made_stays() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    site(&out, "before");
    fs::create_dir(out.join(".git")).unwrap();
    fs::write(out.join(".git/HEAD"), "ref").unwrap();
    fs::write(out.join("CNAME"), "mail.example").unwrap();
    fs::write(out.join("assets/old.js"), "of an older page").unwrap();
    site(&out, "after");
    assert_eq!(names(&out), [".git", "CNAME", "SHA256SUMS", "assets", "index.html", "manifest.json"]);
    assert_eq!(fs::read_to_string(out.join(".git/HEAD")).unwrap(), "ref");
    assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), "after");
    assert_eq!(names(&out.join("assets")), ["a.js"]);
    assert_eq!(names(folder.path()), ["site"]);
}

#[test]
fn a_killed_build_is_cleaned_up_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    for name in [".site.building-1-dead", ".sites.building-1-other", ".site.building"] {
        fs::create_dir_all(folder.path().join(name).join("d")).unwrap();
    }
    // Another build of the same site is under way.
    let running = SiteWriter::new(&out).unwrap();
    assert!(running.scratch().is_dir());
    site(&out, "page");
    assert!(running.scratch().is_dir());
    let scratch = running.scratch().file_name().unwrap().to_string_lossy().into_owned();
    let mut left = vec![scratch, ".site.building".into(), ".sites.building-1-other".into(), "site".into()];
    left.sort();
    assert_eq!(names(folder.path()), left);
}

#[test]
fn a_site_that_was_killed_on_its_way_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    site(&out, "before");
    fs::rename(&out, folder.path().join(".site.building-1-x.old")).unwrap();
    let writer = SiteWriter::new(&out).unwrap();
    assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), "before");
    drop(writer);
    assert_eq!(names(folder.path()), ["site"]);
}

#[test]
fn what_a_killed_build_had_not_carried_over_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    let old = folder.path().join(".site.building-1-x.old");
    site(&out, "before");
    fs::write(out.join("CNAME"), "mail.example").unwrap();
    fs::rename(&out, &old).unwrap();
    fs::create_dir(&out).unwrap();
    for name in ["index.html", "manifest.json", "SHA256SUMS"] {
        fs::copy(old.join(name), out.join(name)).unwrap();
    }
    fs::write(out.join("index.html"), "after").unwrap();
    drop(SiteWriter::new(&out).unwrap());
    assert_eq!(names(folder.path()), ["site"]);
    assert_eq!(fs::read_to_string(out.join("CNAME")).unwrap(), "mail.example");
    assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), "after");
}

#[test]
fn a_site_that_was_changed_meanwhile_stays() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    site(&out, "before");
    let before = read_manifest(&out).unwrap();
    let mut writer = SiteWriter::new(&out).unwrap().in_place_of(&before);
    let later = Manifest { title: "later".into(), ..before };
    fs::write(out.join(MANIFEST), serde_json::to_vec(&later).unwrap()).unwrap();
    writer.write(&later, &BTreeMap::new()).unwrap();
    assert!(writer.finish().unwrap_err().to_string().contains("changed meanwhile"));
    assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), "before");
    assert_eq!(names(folder.path()), ["site"]);
}

#[test]
fn a_process_that_ends_takes_its_folder_along() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    fs::create_dir(folder.path().join(".site.building-1-of-another")).unwrap();
    let writer = SiteWriter {
        folder: tempfile::Builder::new().prefix(&own_prefix_of(&out)).tempdir_in(&folder).unwrap(),
        _lock: None,
        out: out.clone(),
        sums: BTreeMap::new(),
        before: None,
    };
    fs::write(writer.scratch().join("half"), "half").unwrap();
    remove_unfinished(&out);
    assert_eq!(names(folder.path()), [".site.building-1-of-another"]);
}

#[test]
fn shards_are_read_one_behind_the_other() {
    let id = "0123456789abcdef0123";
    let shard = |offset, length, name: &str| Shard { offset, length, name: format!("d/{id}/{name}") };
    let entry = SegmentEntry {
        kind: "message".into(),
        messages: 1,
        length: 7,
        front_length: 2,
        front: "AAA=".into(),
        id: id.into(),
        shards: vec![shard(0, 2, "0.7z"), shard(2, 5, "1.7z")],
    };
    let json = serde_json::to_string(&entry).unwrap();
    assert!(json.ends_with("\"shards\":[2,5]}"), "{json}");
    assert_eq!(serde_json::from_str::<SegmentEntry>(&json).unwrap(), entry);
    let refused = |json: &str| serde_json::from_str::<SegmentEntry>(json).unwrap_err().to_string();
    let endless = json.replace("[2,5]", &format!("[2,{}]", u64::MAX));
    assert!(refused(&endless).contains("add up to too much"));
    for forged in ["", "../../../../../../x", "0123456789ABCDEF0123", "0123456789abcdef01234"] {
        let forged = json.replace(id, forged);
        assert!(refused(&forged).contains("not 20 hexadecimal digits"), "{forged}");
    }
}

#[test]
fn an_id_tells_what_shards_hold_and_where_they_are_cut() {
    let id_of = |shards: &[&[u8]]| {
        let mut id = SegmentId::default();
        shards.iter().for_each(|shard| id.add(shard));
        id.finish()
    };
    let ids = [id_of(&[b"ab", b"c"]), id_of(&[b"a", b"bc"]), id_of(&[b"ab", b"d"]), id_of(&[b"c", b"ab"])];
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
    assert!(ids.iter().all(|id| id.len() == ID_DIGITS));
}

#[test]
fn names_in_a_list_lead_nowhere_else() {
    let site = tempfile::tempdir().unwrap();
    let list = |name: &str| {
        fs::write(site.path().join(SUMS), format!("{}  {name}\n", "0".repeat(64))).unwrap();
        read_sums(site.path())
    };
    assert_eq!(list("d/0/0.7z").unwrap().len(), 1);
    for name in ["d/../../secret", "/etc/passwd", "./a", ""] {
        assert!(list(name).is_err(), "{name}");
    }
}

#[test]
fn a_site_of_any_version_may_be_replaced_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let with = |manifest: &str| {
        fs::write(folder.path().join(MANIFEST), manifest).unwrap();
        may_replace(folder.path()).unwrap()
    };
    assert!(with(r#"{"format": 7, "segments": [{"other": true}]}"#));
    for other in [r#"{"name": "An app", "icons": []}"#, r#"{"format": "a", "segments": []}"#, "[1]", "{"] {
        assert!(!with(other), "{other}");
    }
}
