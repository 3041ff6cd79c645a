//! Words of other scripts are found however they are written: composed or not, full or half width, in any charset.

use std::collections::HashSet;
use std::path::Path;

use maildex_build::build::{BuildOptions, build};
use maildex_build::message::content_digest;
use maildex_core::query::{Context, parse};
use maildex_core::text::fold;
use maildex_tests::compare::read_archive;
use maildex_tests::real_archive;
use maildex_tests::site::{Silent, Site};

fn site(mail: &Path, out: &Path) -> Site {
    let options =
        BuildOptions { inputs: vec![mail.to_owned()], out: out.to_owned(), ..BuildOptions::default() };
    build(&options, &Silent).expect("it is built");
    Site::open(out)
}

fn total(site: &mut Site, text: &str) -> u64 {
    let query = parse(text, &Context::default());
    site.run(|archive| archive.total(&query, false))
}

/// A letter with a body in a charset.
fn letter(number: usize, charset: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "From - Mon May  5 12:00:00 2003\nFrom: a@acme.example\nDate: Mon, 5 May 2003 12:{number:02}:00 +0000\n\
         Message-ID: <{number}@acme.example>\nSubject: letter{number}\nMIME-Version: 1.0\n\
         Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n",
    );
    [head.as_bytes(), body, b"\n\n"].concat()
}

/// The letters, each with the queries that find it and no other.
const LETTERS: [(&str, &[u8], &[&str]); 17] = [
    ("utf-8", "東京の図書館で会いましょう".as_bytes(), &["図書館", "東京", "\"で会いま\"", "会いましょう"]),
    // 郵便局, in ISO-2022-JP.
    ("iso-2022-jp", b"\x1b$BM9JX6I\x1b(B", &["郵便局", "郵便"]),
    // 写真, in Shift_JIS; half-width katakana ﾃﾚﾋﾞ behind it.
    ("shift_jis", b"\x8e\xca\x90^ \xc3\xda\xcb\xde", &["写真", "テレビ", "ﾃﾚﾋﾞ"]),
    ("utf-8", "ＦＵＬＬｗｉｄｔｈ １２３４５".as_bytes(), &["fullwidth", "12345", "ＦＵＬＬＷＩＤＴＨ"]),
    ("utf-8", "请把合同发给我们".as_bytes(), &["合同", "发给我们"]),
    // 电话, in GB 2312.
    ("gb2312", b"\xb5\xe7\xbb\xb0", &["电话"]),
    // 電話, in Big5.
    ("big5", b"\xb9q\xb8\xdc", &["電話"]),
    (
        "utf-8",
        "안녕하세요 계약서".as_bytes(),
        &["계약서", "안녕", "\u{1100}\u{1168}\u{110b}\u{1163}\u{11a8}서"],
    ),
    // 회의, in EUC-KR.
    ("euc-kr", b"\xc8\xb8\xc0\xc7", &["회의"]),
    ("utf-8", "Ёжик в тумане, ёлка".as_bytes(), &["ежик", "ЁЛКА", "тумане", "е\u{308}лка"]),
    // договор, in KOI8-R.
    ("koi8-r", b"\xc4\xcf\xc7\xcf\xd7\xcf\xd2", &["договор", "ДОГОВОР", "догов*"]),
    // заявка, in windows-1251.
    ("windows-1251", b"\xe7\xe0\xff\xe2\xea\xe0", &["заявка"]),
    ("utf-8", "كِتَابٌ جديد".as_bytes(), &["كتاب", "كِتَابٌ", "جديد"]),
    // عقد, in windows-1256.
    ("windows-1256", b"\xda\xde\xcf", &["عقد"]),
    ("utf-8", "Gru\u{308}ße aus Köln".as_bytes(), &["grüße", "GRÜSSE", "grusse", "koln", "ko\u{308}ln"]),
    // Prüfung, in ISO 8859-1.
    ("iso-8859-1", b"Pr\xfcfung", &["prüfung", "prufung"]),
    // été déjà œuvre, in ISO 8859-15.
    (
        "iso-8859-15",
        b"\xe9t\xe9 d\xe9j\xe0 \xbduvre",
        &["été", "deja", "œuvre", "oeuvre", "e\u{301}te\u{301}"],
    ),
];

#[test]
fn words_of_other_scripts() {
    let mbox: Vec<u8> =
        LETTERS.iter().zip(0..).flat_map(|((charset, body, _), n)| letter(n, charset, body)).collect();
    let (_folder, mut site) = Site::of_mbox(mbox);
    assert_eq!(total(&mut site, "*"), LETTERS.len() as u64);
    for ((charset, _, queries), number) in LETTERS.iter().zip(0..) {
        for query in *queries {
            assert_eq!(total(&mut site, query), 1, "{charset}: {query}");
            assert_eq!(total(&mut site, &format!("{query} subject:letter{number}")), 1, "{charset}: {query}");
        }
    }
}

/// Words that stand in the public test mail of mail libraries, with the way in which a reader without an index finds
/// them: those of scripts without spaces anywhere, others between what are no letters.
const FOUND: [(&str, &str); 24] = [
    ("Japanese", "漢字"),
    ("Japanese", "こんにちは"),
    ("Japanese", "テスト"),
    ("Japanese", "ﾃｽﾄ"),
    ("Japanese", "ﾈｯﾄﾜｰｸ"),
    ("Chinese", "世界"),
    ("Chinese", "你好世界"),
    ("Korean", "우리는"),
    ("Korean", "안녕하세요"),
    ("Korean", "하나님을"),
    ("Russian", "чтобы"),
    ("Russian", "Дорогие"),
    ("Russian", "ВАС"),
    ("Russian", "мои"),
    ("Arabic", "اهلا"),
    ("Arabic", "أهلا"),
    ("Arabic", "بالعالم"),
    ("German", "für"),
    ("German", "fu\u{308}r"),
    ("German", "Grüße"),
    ("French", "répondre"),
    ("French", "re\u{301}pondre"),
    ("French", "é"),
    ("French", "à"),
];

/// The same words are counted by looking for them in the folded texts, without an index.
#[test]
fn words_of_other_scripts_in_real_mail() {
    let Some(folder) = real_archive("mime-corpora") else { return };
    let (mut texts, mut seen) = (Vec::new(), HashSet::new());
    read_archive(&folder, &[], &mut |found| {
        let message = &found.message;
        if !seen.insert(content_digest(message)) {
            return;
        }
        let people = [&message.from, &message.to, &message.cc, &message.bcc].into_iter().flatten();
        let people = people.flat_map(|person| [person.name.as_str(), person.address.as_str()]);
        let names = message.attachments.iter().map(|attachment| attachment.name.as_str());
        let all: Vec<&str> =
            [message.subject.as_str(), &message.text].into_iter().chain(people).chain(names).collect();
        texts.push(fold(&all.join("\n")));
    });
    let out = tempfile::tempdir().expect("a folder");
    let mut site = site(&folder, &out.path().join("site"));
    for (language, word) in FOUND {
        let wanted = fold(word);
        let holds = |text: &&String| match language {
            "Japanese" | "Chinese" | "Korean" => text.contains(&wanted),
            _ => text.split(|c: char| !c.is_alphanumeric()).any(|word| word == wanted),
        };
        let read = texts.iter().filter(holds).count() as u64;
        assert!(read > 0, "{language}: {word} is not there");
        assert_eq!(total(&mut site, word), read, "{language}: {word}");
    }
}
