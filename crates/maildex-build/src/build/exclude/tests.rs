use super::*;

fn refused(text: &str) -> String {
    let options =
        BuildOptions { exclude: vec![text.to_owned()], now: 1_600_000_000, ..BuildOptions::default() };
    check(&options).expect_err(text).to_string()
}

#[test]
fn a_query_that_is_not_understood_is_refused() {
    for text in ["", "*", "frm:ann", "from:", "a:b:c", "before:1/2/2012"] {
        let said = refused(text);
        assert!(said.starts_with("cannot leave out what"), "{text}: {said}");
    }
}

#[test]
fn a_query_that_is_understood_is_not() {
    let texts = [
        "from:ann@a.example",
        "label:Spam OR is:bulk",
        "thread:{from:ann subject:x}",
        "older_than:1y",
        "-to:bob",
    ];
    let exclude = texts.map(str::to_owned).to_vec();
    check(&BuildOptions { exclude, now: 1_600_000_000, ..BuildOptions::default() }).unwrap();
}
