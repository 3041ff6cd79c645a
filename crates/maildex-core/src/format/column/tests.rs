use super::*;
use crate::format::block::{Section, push_fixed};

#[test]
fn values_of_any_width_come_back() {
    for (n, width, shift) in
        [(1, 0, 0), (1023, 1, 31), (1024, 7, 25), (1025, 16, 16), (5000, 31, 1), (3000, 32, 0)]
    {
        let mask = if width == 0 { 0 } else { u32::MAX >> shift };
        let values: Vec<u32> =
            (0..n).map(|i: u32| i.wrapping_mul(0x9E37_79B9).reverse_bits() & mask).collect();
        let mut payload = vec![1, 2, 3];
        let column = write_column(ColumnId::Size, &values, &mut payload);
        let mut out = ByteWriter::new();
        column.write(&mut out);
        let bytes = out.into_bytes();
        assert_eq!(Column::read(&mut ByteReader::new(&bytes, "column")), Ok(Some(column)));
        let mut framed = Vec::new();
        payload.chunks(1024).for_each(|block| push_fixed(&mut framed, block));
        let section =
            Section { id: SectionId::Columns, start: 0, length: framed.len() as u64, payload: 1024 };
        let mut resident = Resident::new(&[section]);
        resident.put(0, &framed).expect("the bytes are good");
        for doc in [0, n / 2, n - 1] {
            let (first, run) = column.run(&resident, doc).expect("it is here");
            assert_eq!(first, doc / RUN * RUN);
            assert_eq!(run, values[first as usize..(first + RUN).min(n) as usize]);
        }
        assert!(column.run(&resident, n).is_err());
    }
}

#[test]
fn later_columns_are_passed_over() {
    assert_eq!(Column::read(&mut ByteReader::new(&[200, 8, 0, 5], "column")), Ok(None));
    assert!(Column::read(&mut ByteReader::new(&[1, 33, 0, 5], "column")).is_err());
}

#[test]
fn length_classes_ascend_to_fifteen() {
    assert_eq!([0, 16, 17, 4096, 4097, u32::MAX].map(length_class), [0, 0, 1, 14, 15, 15]);
    assert!(LENGTHS.is_sorted());
}
