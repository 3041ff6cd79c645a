use super::*;

fn tables() -> impl Iterator<Item = &'static [u8]> {
    let magnitudes = GAPS.iter().chain(&POSITIONS).chain([&COUNT]).copied();
    magnitudes.chain(COUNTS.iter().map(|lengths| &lengths[..]))
}

#[test]
fn every_symbol_of_every_table_comes_back() {
    for lengths in tables() {
        let code = Code::new(lengths);
        let mut out = BitWriter::new();
        let symbols = || (0..lengths.len()).filter(|&symbol| lengths[symbol] > 0);
        symbols().for_each(|symbol| code.put(&mut out, symbol));
        let bytes = out.finish();
        let mut bits = BitReader::new(&bytes);
        assert!(symbols().all(|symbol| code.take(&mut bits) == symbol), "{lengths:?}");
        assert_eq!(bits.check("code"), Ok(()));
    }
}

#[test]
fn every_way_in_which_bits_may_be_begins_with_one_word() {
    for lengths in tables() {
        let with_words = lengths.iter().filter(|length| **length > 0);
        let kraft: u32 = with_words.map(|length| 1 << (MAX_LENGTH - u32::from(*length))).sum();
        assert!(kraft == 1 << MAX_LENGTH && lengths.last().is_some_and(|escape| *escape > 0), "{lengths:?}");
    }
}

#[test]
fn every_magnitude_comes_back() {
    let widths = (0..32).flat_map(|bit| [1u32 << bit, (1 << bit) - 1, u32::MAX >> bit, 3 << bit >> 1]);
    let values: Vec<u32> = widths.chain(0..70).collect();
    let codes = Codes::new();
    for code in codes.gaps.iter().chain(&codes.positions).chain([&codes.count]) {
        let mut out = BitWriter::new();
        values.iter().for_each(|&value| code.put(&mut out, value));
        let bytes = out.finish();
        let mut bits = BitReader::new(&bytes);
        let mut passed = bits.clone();
        for &value in &values {
            assert_eq!(code.take(&mut bits), value);
            code.pass(&mut passed);
            assert_eq!(passed.left(), bits.left(), "{value}");
        }
    }
}

#[test]
fn half_steps_tell_all_bits_but_those_below() {
    let first: Vec<u32> = (0..12).map(half_steps).collect();
    assert_eq!(first, [0, 1, 2, 3, 4, 4, 5, 5, 6, 6, 6, 6]);
    assert_eq!((half_steps(u32::MAX), below(63), below(ESCAPE)), (63, 30, 32));
}

#[test]
fn reading_damage_moves_on() {
    let code = Code::new(&[1, 0, 3]);
    let mut bits = BitReader::new(&[0xff; 4]);
    let taken = (0..64).take_while(|_| bits.check("code").is_ok() && code.take(&mut bits) < 3).count();
    assert!((1..=33).contains(&taken));
    let codes = Codes::new();
    for (span, n) in [(u32::MAX, 0), (0, 0), (0, 9)] {
        codes.of(span, n);
    }
}
