use super::*;
use std::collections::BTreeMap;

/// A store in a folder of its own, filled with files of one sort and read back.
fn check(stream: usize, files: &[Vec<u8>]) -> (Kept, BTreeMap<String, u64>) {
    let folder = tempfile::tempdir().unwrap();
    let mut kept = Kept { originals: true, ..Kept::default() };
    let mut packing = Packing::new(folder.path(), &mut kept).unwrap();
    for bytes in files {
        let sha256: [u8; 32] = Sha256::digest(bytes).into();
        let read = |from: u64| {
            let from = (from as usize).min(bytes.len());
            Ok(Some(bytes[from..].iter().copied().take(PIECE as usize).collect()))
        };
        packing.file(stream, &sha256, read).unwrap();
    }
    let rows = packing.finish().unwrap();
    let (rows, []) = rows.as_chunks::<40>() else { panic!("rows have 40 bytes") };
    let mut lengths = BTreeMap::new();
    for row in rows {
        let name = pack_name(row[..32].try_into().unwrap());
        let bytes = fs::read(folder.path().join(&name)).unwrap();
        assert_eq!(Sha256::digest(&bytes)[..], row[..32]);
        lengths.insert(name, bytes.len() as u64);
    }
    for bytes in files {
        let sha256: [u8; 32] = Sha256::digest(bytes).into();
        let mut whole = Vec::new();
        for piece in &kept.pieces[&sha256] {
            let name = pack_name(rows[piece.pack as usize][..32].try_into().unwrap());
            let pack = fs::read(folder.path().join(name)).unwrap();
            let stored = &pack[piece.at as usize..][..piece.stored as usize];
            let mut content = Vec::new();
            match piece.packed {
                true => drop(io::copy(&mut DeflateDecoder::new(stored), &mut content).unwrap()),
                false => content.extend_from_slice(stored),
            }
            let rest = bytes.len() - whole.len();
            whole.extend_from_slice(&content[piece.skip as usize..][..rest.min(PIECE as usize)]);
        }
        assert!(whole == *bytes, "{} bytes", bytes.len());
    }
    (kept, lengths)
}

/// Bytes that do not pack.
fn noise(n: usize, seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u8
    };
    (0..n).map(|_| next()).collect()
}

#[test]
fn small_files_share_frames_and_packs() {
    let files: Vec<Vec<u8>> =
        (0..5000).map(|n| format!("{n}: {}", "the same words ".repeat(40)).into_bytes()).collect();
    let (kept, packs) = check(ORIGINALS, &files);
    assert_eq!(packs.len(), 1, "3 MB of text in one pack");
    assert!(kept.pieces.values().all(|pieces| pieces.len() == 1 && pieces[0].packed));
}

#[test]
fn large_files_are_cut_and_what_does_not_pack_is_stored() {
    let large = noise(2 * PIECE as usize + 5, 1);
    let files = [noise(10, 2), large.clone(), noise(70_000, 3), Vec::new(), vec![b' '; PIECE as usize]];
    let (kept, packs) = check(ATTACHMENTS, &files);
    let of = |bytes: &[u8]| &kept.pieces[&<[u8; 32]>::from(Sha256::digest(bytes))];
    assert_eq!(of(&large).len(), 3);
    assert!(of(&large).iter().all(|piece| !piece.packed));
    assert_eq!(of(&[]).len(), 0);
    assert!(of(&files[4])[0].packed);
    assert!(packs.values().all(|length| *length <= PIECE), "{packs:?}");
}

#[test]
fn identical_files_are_stored_once() {
    let files = vec![noise(1000, 4); 9];
    let (kept, packs) = check(ATTACHMENTS, &files);
    assert_eq!((kept.pieces.len(), packs.values().sum::<u64>()), (1, 1000));
}

#[test]
fn a_record_is_told_where_its_files_are() {
    let (kept, _) = check(ORIGINALS, &[b"raw".to_vec()]);
    let mut record = Record { size: 3, ..Record::default() };
    kept.locate(&mut record, &Sha256::digest(b"raw").into());
    assert_eq!(record.original.as_ref().map(Vec::len), Some(1));
    kept.locate(&mut record, &[0; 32]);
    assert_eq!(record.original, None);
}
