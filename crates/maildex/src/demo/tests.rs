use super::{DemoOptions, PLANTED, planted, write_demo};

fn demo(messages: u64, seed: u64) -> Vec<u8> {
    let mut out = Vec::new();
    let mut last = 0;
    write_demo(&DemoOptions { messages, seed }, &mut out, &mut |n| last = n).expect("a Vec takes all");
    assert_eq!(last, messages);
    out
}

/// Splits where every `From ` line is a separator, because the others are quoted.
fn messages(mbox: &[u8]) -> Vec<&[u8]> {
    let mut starts: Vec<usize> =
        mbox.windows(6).enumerate().filter(|(_, w)| *w == b"\nFrom ").map(|(at, _)| at + 1).collect();
    if !mbox.is_empty() {
        starts.insert(0, 0);
    }
    let ends = starts.iter().skip(1).copied().chain([mbox.len()]);
    starts.iter().zip(ends).map(|(start, end)| &mbox[*start..end]).collect()
}

fn contains(message: &[u8], word: &str) -> bool {
    message.windows(word.len()).any(|window| window == word.as_bytes())
}

#[test]
fn has_exactly_as_many_messages_as_asked() {
    for n in [0, 1, 2, 10, 333] {
        let mbox = demo(n, 7);
        assert_eq!(messages(&mbox).len() as u64, n);
        assert_eq!(mbox.is_empty(), n == 0);
    }
}

#[test]
fn same_options_same_bytes() {
    let hash = |bytes: &[u8]| super::rng::tag(&bytes.iter().map(|b| char::from(*b)).collect::<String>());
    let first = demo(200, 1);
    assert_eq!(hash(&first), hash(&demo(200, 1)));
    assert_ne!(hash(&first), hash(&demo(200, 2)));
    // Changes whenever the texts or the code do; then look at the archive and pin it again.
    assert_eq!(hash(&first), 10313677122481262653);
}

#[test]
fn planted_words_stand_in_as_many_messages_as_promised() {
    let mbox = demo(6000, 3);
    let messages = messages(&mbox);
    for (word, n) in PLANTED {
        let found = messages.iter().filter(|message| contains(message, word)).count() as u64;
        assert_eq!(found, if n <= 200 { n } else { 0 }, "{word}");
    }
}

#[test]
fn planted_words_are_spread_over_any_number_of_messages() {
    for n_messages in [50, 149, 150, 4999, 15_000, 160_001] {
        let mut found = [0; PLANTED.len()];
        for message in 0..n_messages {
            for word in planted(message, n_messages) {
                let at =
                    PLANTED.iter().position(|(other, _)| *other == word).expect("planted words are listed");
                found[at] += 1;
            }
        }
        for ((word, n), found) in PLANTED.iter().zip(found) {
            assert_eq!(found, if n_messages >= 30 * n { *n } else { 0 }, "{word} in {n_messages}");
        }
    }
}

#[test]
fn message_ids_are_unique() {
    let mbox = demo(3000, 5);
    let text = String::from_utf8_lossy(&mbox);
    let mut ids: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("Message-ID: ")).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    // About 5 in 1000 messages are doubled, 3 in 1000 have no id.
    assert!(all - ids.len() < 40, "{} ids twice", all - ids.len());
    assert!(all > 2970);
}
