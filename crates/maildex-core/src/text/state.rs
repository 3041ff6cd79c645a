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

#[cfg(test)]
mod tests {
    use super::state_value;

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
