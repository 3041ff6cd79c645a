use super::*;

#[test]
fn elements_come_back_as_they_went() {
    let bytes: Vec<u8> = (0..PIECE + 5).map(|at| (at * 7) as u8).collect();
    let mut out = Vec::new();
    write_elements(&mut out, "d/a.7z", &bytes).unwrap();
    let lines: Vec<&[u8]> = out.split(|&byte| byte == b'\n').collect();
    assert!(lines.iter().all(|line| line.len() < (256 << 10) + 100));
    let found: Vec<_> = lines.into_iter().filter_map(|line| element(line).unwrap()).collect();
    assert!(found.iter().all(|(name, _)| name == "d/a.7z"));
    assert_eq!(found.into_iter().flat_map(|(_, bytes)| bytes).collect::<Vec<_>>(), bytes);
}

#[test]
fn a_cut_element_is_an_error() {
    let mut out = Vec::new();
    write_elements(&mut out, "d/a.7z", b"abc").unwrap();
    let line = out.trim_ascii_end();
    element(line).unwrap().unwrap();
    for end in ELEMENT.len()..line.len() {
        assert!(element(&line[..end]).is_err(), "{end}");
    }
    assert!(element(b"<p>other HTML").unwrap().is_none());
}

#[test]
fn a_pack_tells_whether_it_is_whole() {
    let bytes = b"some bytes";
    let name = format!("a/{}.7z", &sum(bytes)[..32]);
    check_pack(&name, 10, bytes).unwrap();
    assert!(check_pack(&name, 10, b"some bytez").unwrap_err().to_string().contains("not what was built"));
    let cut = check_pack(&name, 10, b"some").unwrap_err().to_string();
    assert!(cut.contains("expected 10 bytes, found 4"), "{cut}");
}

#[test]
fn shards_tell_together_whether_they_are_whole() {
    let shards: [&[u8]; 2] = [b"some", b"bytes"];
    let mut id = SegmentId::default();
    shards.iter().for_each(|shard| id.add(shard));
    let json = format!(
        r#"{{"format": 1, "title": "t", "segments": [{{"kind": "message", "messages": 1, "length": 9, "front": "AA",
        "frontLength": 1, "id": {:?}, "shards": [4, 5]}}]}}"#,
        id.finish()
    );
    let manifest: Manifest = serde_json::from_str(&json).unwrap();
    let check = |shards: [&[u8]; 2]| {
        let mut left = shards.iter();
        each_shard(&manifest, |_| Ok(left.next().unwrap().to_vec())).map_err(|error| error.to_string())
    };
    assert_eq!(check(shards), Ok(()));
    assert!(check([b"some", b"bytez"]).unwrap_err().contains("not what was built"));
    assert!(check([b"some", b"byte"]).unwrap_err().contains("1.7z: expected 5 bytes, found 4"));
}

#[test]
fn other_folders_stay() {
    let folder = tempfile::tempdir().unwrap();
    assert!(may_replace(&folder.path().join("absent")).unwrap());
    assert!(may_replace(folder.path()).unwrap());
    fs::write(folder.path().join("letter.txt"), "mine").unwrap();
    assert!(!may_replace(folder.path()).unwrap());
    fs::write(folder.path().join(PAGE), "<p>mine").unwrap();
    assert!(!may_replace(folder.path()).unwrap());
}
