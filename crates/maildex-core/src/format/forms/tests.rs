use super::*;
use crate::format::block::Section;
use crate::sample::{Stored, Zstd};

/// Words of ten letters, the odd ones with two other forms.
fn words() -> Vec<Entry> {
    let word = |n: usize| format!("word{n:06}");
    (1..2000).step_by(2).map(|n| (word(n), vec![format!("{}s", word(n)), "kin".into()])).collect()
}

fn reader(blocks: &[u8], index: &[u8]) -> Resident {
    let section = |id, start, length: usize| Section { id, start, length: length as u64, payload: 0 };
    let sections = [
        section(SectionId::FormsIndex, 0, index.len()),
        section(SectionId::Forms, index.len() as u64, blocks.len()),
    ];
    let mut resident = Resident::new(&sections);
    resident.put(0, &[index, blocks].concat()).unwrap();
    resident
}

fn check(compress: &mut dyn Compress) {
    let words = words();
    let (blocks, index) = write_forms(&words, compress);
    let resident = reader(&blocks.concat(), &index);
    let (forms, decoder) = (Forms::default(), Decoder::new(&[]).unwrap());
    let of = |word: &str| forms.of(&resident, Some(index.len() as u64), &decoder, word.as_bytes()).unwrap();
    for (word, others) in &words {
        assert_eq!(of(word), *others);
    }
    for absent in ["", "word", "word000000", "word000002", "word001998", "zebra", "a"] {
        assert_eq!(of(absent), Vec::<String>::new(), "{absent}");
    }
    assert_eq!(forms.of(&resident, None, &decoder, b"word000001").unwrap(), Vec::<String>::new());
}

#[test]
fn every_word_is_found_and_no_other() {
    check(&mut Stored);
    check(&mut Zstd);
}

#[test]
fn no_bytes_make_it_panic() {
    let (blocks, _) = write_forms(&words(), &mut Stored);
    let content = &blocks[0][5..];
    for cut in 0..200 {
        let _ = find(&content[..cut], b"word000399");
        let mut changed = content[..2000].to_vec();
        changed[cut] ^= 0xFF;
        let _ = find(&changed, b"word000399");
    }
}
