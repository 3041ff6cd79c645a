//! The checksum of blocks and fronts: the CRC-32 of zip and PNG (ISO 3309).

/// The checksum of some bytes.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn checksum(bytes: &[u8]) -> u32 {
    crc32fast::hash(bytes)
}

/// The checksum of some bytes.
#[cfg(target_arch = "wasm32")]
pub(crate) fn checksum(bytes: &[u8]) -> u32 {
    small(bytes)
}

/// With a table of 1 KiB. The faster crate's tables are 16 KiB that no host can compress, a twelfth of the whole wasm.
#[cfg(any(test, target_arch = "wasm32"))]
fn small(bytes: &[u8]) -> u32 {
    static TABLE: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
    TABLE.checksum(bytes)
}

#[cfg(test)]
mod tests {
    use super::{checksum, small};

    #[test]
    fn both_ways_reckon_the_same() {
        // The check value of the catalogue of parametrised CRC algorithms.
        assert_eq!(small(b"123456789"), 0xcbf4_3926);
        let bytes: Vec<u8> = (0..1000_u32).map(|n| (n * n) as u8).collect();
        (0..bytes.len()).for_each(|len| assert_eq!(checksum(&bytes[..len]), small(&bytes[..len])));
    }
}
