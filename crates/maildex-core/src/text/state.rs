//! Values that are compared whole: addresses, document numbers, cases, codes.

/// A text in lower case, character by character. The standard library's own looks at a sigma's neighbours, which takes
/// three kilobytes of wasm and would give one name two forms.
pub fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// The form in which a value is stored and looked up: lower case, and of its signs only those that part numbers.
/// `C05772624`, `1.4(D)` and `F-2014-20439` become `c05772624`, `1.4d` and `f-2014-20439`.
pub fn state_value(text: &str) -> String {
    let is_kept = |c: &char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
    // Turkish `İ` becomes an `i` with a mark behind it, which goes here as it would from the value itself.
    lower(text).chars().filter(is_kept).collect()
}

/// The hash by which a Message-ID (without brackets) is found: FNV-1a of 64 bits (G. Fowler, L. C. Noll and P. Vo), whose
/// high bits say little of the last bytes, stirred by the end of MurmurHash3 (A. Appleby).
pub fn message_id_hash(id: &str) -> u64 {
    let mut hash = id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    for factor in [0xff51_afd7_ed55_8ccd, 0xc4ce_b9fe_1a85_ec53] {
        hash = (hash ^ hash >> 33).wrapping_mul(factor);
    }
    hash ^ hash >> 33
}

#[cfg(test)]
mod tests {
    use super::{message_id_hash, state_value};

    #[test]
    fn ids_have_the_published_hash() {
        // The 64-bit hash of "foobar" is 85944171f73967e8 (draft-eastlake-fnv); the stirring was reckoned apart.
        assert_eq!(message_id_hash("foobar"), 0x2c22_1949_22d1_672b);
    }

    #[test]
    fn one_form_for_all_spellings() {
        for (text, value) in [
            ("C05772624", "c05772624"),
            ("1.4(D)", "1.4d"),
            (" F-2014-20439 ", "f-2014-20439"),
            ("*?", ""),
            ("İzmir", "izmir"),
        ] {
            assert_eq!(state_value(text), value);
            assert_eq!(state_value(value), value);
        }
    }
}
