use super::*;
use crate::sample::{Stored, mails, record_of, segment};
use crate::segment::Segment;
use crate::{Archive, Step};

fn ask<T>(
    archive: &mut Archive,
    blob: &[u8],
    step: impl Fn(&Archive) -> Result<Step<T>, Error>,
) -> Result<T, Error> {
    loop {
        match step(archive)? {
            Step::Done(answer) => return Ok(answer),
            Step::Missing(wants) => {
                for want in wants {
                    let (from, n) = (want.range.offset as usize, want.range.length as usize);
                    archive.put(0, from as u64, &blob[from..from + n])?;
                }
            }
        }
    }
}

#[test]
fn a_name_is_half_of_a_hash() {
    assert_eq!(pack_name(&[0xAB; SUM]), format!("a/{}.7z", "ab".repeat(16)));
}

#[test]
fn files_are_found_in_their_packs() {
    let mails = mails(40, 3);
    let (front, blob) = segment(&mails, 64, &mut Stored).blob();
    let mut archive = Archive::new();
    archive.open(&front).unwrap();
    assert_eq!(ask(&mut archive, &blob, |archive| archive.packs(0)).unwrap().len(), 9);
    let mail = mails.iter().find(|mail| mail.attachment).unwrap();
    let mut file = |number| ask(&mut archive, &blob, |archive| archive.file(mail.key, number)).unwrap();
    let first = file(Some(0)).unwrap();
    let parts = first.parts.unwrap();
    assert_eq!((first.sha256, first.size, parts.len()), ([8; 32], PIECE + 3, 2));
    let pack = record_of(mail).attachments[0].kept.as_ref().unwrap()[0].pack as u8;
    assert_eq!((parts[0].sha256, parts[0].length, parts[1].length), ([pack; 32], PIECE as u32, 3));
    assert_eq!(file(Some(1)).unwrap().parts, None);
    assert_eq!(file(Some(2)), None);
    let original = file(None).unwrap();
    assert_eq!((original.sha256, original.size), ([5; 32], mail.text.len() as u64));
}

#[test]
fn pieces_that_cannot_be_are_refused() {
    let (front, blob) = segment(&mails(9, 3), 1024, &mut Stored).blob();
    let mut segment = Segment::open(&front).unwrap();
    // All is here, so that what is asked is answered.
    segment.resident.put(0, &blob).unwrap();
    let check = |pieces: &[Piece], size| parts(&segment.resident, pieces, size).is_ok();
    let good = Piece { pack: 1, at: 4, stored: 100, skip: 2, packed: false };
    assert!(check(&[good], 98) && check(&[], 0));
    assert!(check(&[Piece { stored: 10, packed: true, ..good }], PIECE - 2), "unpacked it is longer");
    assert!(!check(&[good], 99), "longer than its frame");
    assert!(!check(&[good], 0) && !check(&[], 1) && !check(&[good], PIECE + 1), "another number of pieces");
    assert!(!check(&[Piece { pack: 9, ..good }], 9), "no such pack");
    assert!(!check(&[Piece { at: PIECE as u32 - 99, ..good }], 9), "behind the end of the pack");
    assert!(!check(&[Piece { skip: PIECE as u32, packed: true, ..good }], 9), "more than a frame holds");
    assert!(!check(&[Piece { stored: u32::MAX, at: u32::MAX, ..good }], 9));
}
