//! Senders as Mailman's text archives (pipermail) write them: `ann at example.org (Ann Lee)`.

/// The sender as he was before: `"Ann Lee" <ann@example.org>`.
///
/// `None` where it is not certain: the field must have just this form, which no other program writes, and no `@`. What
/// stands in the text of messages stays as it is: there `at` is a word.
pub(super) fn restored(value: &[u8]) -> Option<Vec<u8>> {
    if value.contains(&b'@') {
        return None;
    }
    let text = value.trim_ascii();
    let at = text.windows(4).position(|word| word == b" at ")?;
    let (local, rest) = (&text[..at], &text[at + 4..]);
    let end = rest.iter().position(|byte| *byte == b' ' || *byte == b'\n').unwrap_or(rest.len());
    let (domain, name) = (&rest[..end], rest[end..].trim_ascii());
    let is_local = !local.is_empty()
        && local.iter().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(byte));
    let is_domain = domain.contains(&b'.')
        && domain.split(|byte| *byte == b'.').all(|label| {
            !label.is_empty() && label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
        });
    let name = name.strip_prefix(b"(")?.strip_suffix(b")")?.trim_ascii();
    if !is_local || !is_domain {
        return None;
    }
    let mut restored = Vec::new();
    if name.windows(2).any(|two| two == b"=?") {
        restored.extend(name);
    } else if !name.is_empty() {
        restored.push(b'"');
        let plain = name.iter().filter(|byte| !matches!(byte, b'"' | b'\\' | b'\r' | b'\n'));
        restored.extend(plain);
        restored.push(b'"');
    }
    restored.extend(b" <");
    restored.extend(local);
    restored.push(b'@');
    restored.extend(domain);
    restored.push(b'>');
    Some(restored)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_certain_is_restored() {
        let check = |value: &str, expect: Option<&str>| {
            let restored =
                restored(value.as_bytes()).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            assert_eq!(restored.as_deref(), expect, "{value}");
        };
        check(" ann at example.org (Ann \"A\" Lee, Dr.)", Some("\"Ann A Lee, Dr.\" <ann@example.org>"));
        check(
            "a.b+c at x-y.example.co.uk (=?utf-8?q?J=C3=B6?=)",
            Some("=?utf-8?q?J=C3=B6?= <a.b+c@x-y.example.co.uk>"),
        );
        check("ann at example.org ()", Some(" <ann@example.org>"));
        check("ann at example.org\n (Ann)", Some("\"Ann\" <ann@example.org>"));
        for other in [
            "ann at example.org",
            "meet at noon (Ann)",
            "ann@example.org (Ann)",
            "at a.b (c)",
            "a b at c.d (e)",
            "a at .b (c)",
            "",
        ] {
            check(other, None);
        }
    }
}
