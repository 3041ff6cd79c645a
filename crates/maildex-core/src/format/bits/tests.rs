use super::*;
use crate::sample::Random;

fn take(bits: &mut BitReader<'_>, width: u32) -> u32 {
    let value = bits.peek() & ((1 << width) - 1);
    bits.skip(width);
    value as u32
}

#[test]
fn streams_give_back_what_was_put() {
    let mut random = Random(1);
    let values: Vec<(u32, u32)> = (0..5000)
        .map(|_| {
            let width = random.below(33) as u32;
            ((random.next() & ((1u64 << width) - 1)) as u32, width)
        })
        .collect();
    let mut out = BitWriter::new();
    values.iter().for_each(|&(value, width)| out.put(value, width));
    let bytes = out.finish();
    assert_eq!(bytes.len(), values.iter().map(|(_, width)| *width as usize).sum::<usize>().div_ceil(8));
    let mut bits = BitReader::new(&bytes);
    for (value, width) in values {
        assert_eq!(take(&mut bits, width), value);
    }
    assert_eq!(bits.check("bits"), Ok(()));
    assert_eq!((take(&mut bits, 32), take(&mut bits, 32)), (0, 0));
    assert!(bits.check("bits").is_err());
}

#[test]
fn packed_numbers_stand_where_they_are_looked_for() {
    for each in [0, 1, 7, 8, 13, 31, 32] {
        let mask = ((1u64 << each) - 1) as u32;
        let mut out = BitWriter::new();
        (0..130u32).for_each(|i| out.put(i.wrapping_mul(0x9E37_79B9) & mask, each));
        let bytes = out.finish();
        for i in 0..130u32 {
            assert_eq!(packed(&bytes, i as usize, each), i.wrapping_mul(0x9E37_79B9) & mask, "{each} bits");
        }
        assert_eq!(packed(&bytes, 1 << 40, each), 0);
    }
    assert_eq!([0, 1, 2, 255, 256, u32::MAX].map(width), [0, 1, 2, 8, 9, 32]);
}
