use super::*;

#[test]
fn numbers_and_strings_come_back() {
    let numbers = [0, 1, 0x7f, 0x80, 0x3fff, 0x4000, u64::from(u32::MAX), u64::MAX - 1, u64::MAX];
    let signed = [0, -1, 1, i64::MIN, i64::MAX, -1 << 40];
    let mut out = ByteWriter::new();
    numbers.iter().for_each(|&n| out.varint(n));
    signed.iter().for_each(|&n| out.signed(n));
    out.u8(7);
    out.u16(0x1234);
    out.u32(0xDEAD_BEEF);
    out.u64(u64::MAX - 5);
    out.str("Ærø");
    let bytes = out.into_bytes();
    let mut reader = ByteReader::new(&bytes, "test");
    assert!(numbers.iter().all(|&n| reader.varint() == Ok(n)));
    assert!(signed.iter().all(|&n| reader.signed() == Ok(n)));
    assert_eq!((reader.u8(), reader.u16(), reader.u32()), (Ok(7), Ok(0x1234), Ok(0xDEAD_BEEF)));
    assert_eq!((reader.u64(), reader.str()), (Ok(u64::MAX - 5), Ok("Ærø")));
    assert!(reader.is_empty());
    assert_eq!(reader.u8(), corrupt("test"));
}

#[test]
fn what_cannot_be_is_an_error() {
    let check = |bytes: &[u8]| ByteReader::new(bytes, "test").varint();
    assert_eq!(check(&[]), corrupt("test"));
    assert_eq!(check(&[0x80]), corrupt("test"));
    assert_eq!(check(&[0xff; 11]), corrupt("test"));
    assert_eq!(ByteReader::new(&[0xff, 0xff, 0xff, 0xff, 0x10], "test").u32_varint(), corrupt("test"));
    assert_eq!(ByteReader::new(&[2, 0xc3, 0x28], "test").str(), corrupt("test"));
    assert_eq!(ByteReader::new(&[3, 1, 2], "test").bytes(), corrupt("test"));
    assert_eq!(ByteReader::new(&[3, 1, 1, 1, 1, 1], "test").count(2), corrupt("test"));
    assert_eq!(ByteReader::new(&[2, 1, 1, 1, 1], "test").count(2), Ok(2));
}
