use super::*;

fn tables() -> Vec<Vec<u8>> {
    let magnitudes = GAPS.iter().chain(&POSITIONS).chain([&COUNT]).map(|lengths| lengths.to_vec());
    magnitudes.chain([COUNTS.to_vec()]).collect()
}

#[test]
fn every_symbol_of_every_table_comes_back() {
    for lengths in tables() {
        let code = Code::new(&lengths);
        let mut out = BitWriter::new();
        (0..lengths.len()).for_each(|symbol| code.put(&mut out, symbol));
        let bytes = out.finish();
        let mut bits = BitReader::new(&bytes);
        assert!((0..lengths.len()).all(|symbol| code.take(&mut bits) == symbol), "{lengths:?}");
        assert_eq!(bits.check("code"), Ok(()));
    }
}

#[test]
fn no_table_says_more_than_can_be_told_apart() {
    for lengths in tables() {
        let kraft: u32 = lengths.iter().map(|length| 1 << (MAX_LENGTH - u32::from(*length))).sum();
        assert!(kraft <= 1 << MAX_LENGTH && lengths.iter().all(|length| *length > 0), "{lengths:?}");
    }
}

#[test]
fn every_magnitude_comes_back() {
    let values: Vec<u32> = (0..32).flat_map(|bit| [1u32 << bit, (1 << bit) - 1, u32::MAX >> bit]).collect();
    let codes = Codes::new();
    for code in codes.gaps.iter().chain(&codes.positions).chain([&codes.count]) {
        let mut out = BitWriter::new();
        values.iter().for_each(|&value| code.put(&mut out, value));
        let bytes = out.finish();
        let mut bits = BitReader::new(&bytes);
        assert!(values.iter().all(|&value| code.take(&mut bits) == value));
    }
}

#[test]
fn reading_damage_moves_on() {
    let code = Code::new(&[1, 0, 3]);
    let mut bits = BitReader::new(&[0xff; 4]);
    let taken = (0..64).take_while(|_| bits.check("code").is_ok() && code.take(&mut bits) < 3).count();
    assert!((1..=33).contains(&taken));
    assert!(gap_context(u32::MAX, 0) < GAP_CONTEXTS);
}
