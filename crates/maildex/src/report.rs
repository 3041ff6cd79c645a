//! The report of a build, for a person and for programs.

use std::collections::BTreeMap;

use anyhow::Result;
use indicatif::HumanCount;
use maildex_build::build::report::{BuildReport, Damaged, InputOutcome, KeptTotal, Oddities};
use serde::Serialize;

use crate::terminal::{Terminal, line};
use crate::weight::Opening;
use crate::words::{self, Clock};

/// The report as `--report` writes it.
#[derive(Debug, Serialize)]
pub(crate) struct Report<'a> {
    inputs: Vec<Input<'a>>,
    found: u64,
    indexed: u64,
    copies: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    excluded: Option<LeftOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redacted: Option<Redacted<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    masked_addresses: Option<u64>,
    #[serde(flatten)]
    odd: Odd<'a>,
    undated: u64,
    threads: u64,
    absent_references: u64,
    quoted: u64,
    quoted_here: u64,
    quoted_apart: u64,
    placeholders: u64,
    first_date: Option<String>,
    last_date: Option<String>,
    raw_bytes: u64,
    kept: Kept,
    opening_bytes: u64,
    page_bytes: u64,
    sections: Vec<(&'a str, u64)>,
    seconds: f64,
}

/// What was left out.
#[derive(Debug, Serialize)]
struct LeftOut<'a> {
    messages: u64,
    /// By the number of the query.
    by_query: &'a [u64],
    /// Messages in the archive that answer one of them; their headers name its id.
    answered_by: u64,
    /// Those of them that quote something.
    perhaps_quoted_by: u64,
}

/// What was blacked out.
#[derive(Debug, Serialize)]
struct Redacted<'a> {
    messages: u64,
    /// In how many messages, by part.
    parts: BTreeMap<&'static str, u64>,
    attachments: u64,
    lines: u64,
    /// Lines of the list that were found nowhere.
    lines_without_match: &'a [usize],
}

/// Attachments and raw messages that are files of the site.
#[derive(Debug, Serialize)]
struct Kept {
    attachments: u64,
    attachment_bytes: u64,
    originals: u64,
    original_bytes: u64,
    files: u64,
    bytes: u64,
}

/// What an input held.
#[derive(Debug, Serialize)]
pub(crate) struct Input<'a> {
    source: &'a str,
    kind: &'a str,
    found: u64,
    indexed: u64,
    copies: u64,
    #[serde(skip_serializing_if = "is_zero")]
    excluded: u64,
    #[serde(flatten)]
    odd: Odd<'a>,
    /// Those that are something else than mail, as appointments.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    items: &'a [(&'static str, u64)],
    files: u64,
    /// Those of them that messages came from; `not_read` counts why the others gave none.
    files_with_mail: u64,
    bytes: u64,
    /// Which columns of its tables were taken for what.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    columns: &'a [String],
    not_read: Vec<Row<'a>>,
}

/// Messages that are in the archive and not as they should be.
#[derive(Debug, Serialize)]
pub(crate) struct Odd<'a> {
    damaged: u64,
    damages: Vec<Row<'a>>,
    remarks: Vec<Row<'a>>,
}

/// So many of something, and the first of them.
#[derive(Debug, Serialize)]
struct Row<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    reason: String,
    n: u64,
    example: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    detail: &'a str,
}

/// Arranges what a build came to.
pub(crate) fn report<'a>(
    build: &'a BuildReport,
    opening: Opening,
    clock: &Clock,
    seconds: f64,
) -> Report<'a> {
    Report {
        found: build.inputs.iter().map(|input| input.read.found).sum(),
        inputs: build.inputs.iter().map(input).collect(),
        indexed: build.messages,
        copies: build.copies,
        excluded: build.excluded.as_ref().map(|own| LeftOut {
            messages: own.messages,
            by_query: &own.queries,
            answered_by: own.referring,
            perhaps_quoted_by: own.quoting,
        }),
        redacted: (build.privacy.lines > 0).then(|| Redacted {
            messages: build.privacy.redacted,
            parts: build.privacy.parts.iter().map(|(part, n)| (part.name(), *n)).collect(),
            attachments: build.privacy.withheld,
            lines: build.privacy.lines,
            lines_without_match: &build.privacy.unused,
        }),
        masked_addresses: Some(build.privacy.masked).filter(|masked| *masked > 0),
        odd: odd(&build.oddities),
        undated: build.undated,
        threads: build.threads,
        absent_references: build.ghosts,
        quoted: build.quoted,
        quoted_here: build.quoted_here,
        quoted_apart: build.quoted_apart,
        placeholders: build.placeholders,
        first_date: build.dates.and_then(|(first, _)| clock.rfc3339(first)),
        last_date: build.dates.and_then(|(_, last)| clock.rfc3339(last)),
        raw_bytes: build.raw_bytes,
        kept: kept(&build.kept),
        opening_bytes: opening.archive,
        page_bytes: opening.page,
        sections: build.sections.clone(),
        seconds,
    }
}

fn kept(kept: &KeptTotal) -> Kept {
    let KeptTotal { attachments, attachment_bytes, originals, original_bytes, files, bytes } = *kept;
    Kept { attachments, attachment_bytes, originals, original_bytes, files, bytes }
}

/// Arranges what became of an input.
pub(crate) fn input(InputOutcome { read, copies, excluded, oddities }: &InputOutcome) -> Input<'_> {
    let not_read = read.skipped.iter().map(|skipped| Row {
        name: None,
        reason: skipped.reason.to_string(),
        n: skipped.n,
        example: &skipped.example,
        detail: &skipped.detail,
    });
    Input {
        source: &read.source,
        kind: &read.kind,
        found: read.found,
        indexed: read.found.saturating_sub(*copies + *excluded),
        copies: *copies,
        excluded: *excluded,
        odd: odd(oddities),
        items: &read.items,
        files: read.files,
        files_with_mail: read.files_with_mail,
        bytes: read.bytes,
        columns: &read.columns,
        not_read: not_read.collect(),
    }
}

/// Arranges what was odd.
pub(crate) fn odd(Oddities { damaged, damages, remarks }: &Oddities) -> Odd<'_> {
    Odd {
        damaged: *damaged,
        damages: damages.iter().map(row).collect(),
        remarks: remarks.iter().map(row).collect(),
    }
}

fn row(Damaged { damage, n, example }: &Damaged) -> Row<'_> {
    Row { name: Some(damage.name), reason: damage.meaning.to_owned(), n: *n, example, detail: "" }
}

fn is_zero(n: &u64) -> bool {
    *n == 0
}

impl Report<'_> {
    /// The numbers, from 1, of the queries for what is left out that found no message.
    pub(crate) fn found_nothing(&self) -> impl Iterator<Item = usize> + '_ {
        let counts = self.excluded.iter().flat_map(|own| own.by_query);
        (1..).zip(counts).filter(|(_, n)| **n == 0).map(|(number, _)| number)
    }

    /// The inputs without any mail, each with the first reason.
    pub(crate) fn without_mail(&self) -> impl Iterator<Item = String> + '_ {
        self.inputs.iter().filter(|input| input.found == 0).map(|input| {
            let reason = input.not_read.first().map_or("it is an empty folder", |row| row.reason.as_str());
            format!("no mail found in {} ({reason}); the site is made of the other inputs", input.source)
        })
    }

    /// What is quoted, and what is named and not here.
    fn write_absent(&self, terminal: &mut Terminal<'_>) -> Result<()> {
        let number = |n: u64| HumanCount(n).to_string();
        if self.quoted > 0 {
            let [n, here, apart] = [self.quoted, self.quoted_here, self.quoted_apart].map(number);
            writeln!(
                terminal.out,
                "{n:>11} quoted inside them: {here} from messages here, {apart} kept apart"
            )?;
        }
        if self.placeholders > 0 {
            let n = number(self.placeholders);
            writeln!(terminal.out, "{n:>11} named and not here: maildex missing tells which")?;
        }
        Ok(())
    }

    /// Writes the report for a person: what was found, what became of it, and all that was not as it should be.
    pub(crate) fn write(&self, terminal: &mut Terminal<'_>) -> Result<()> {
        for input in &self.inputs {
            input.write(terminal)?;
        }
        writeln!(terminal.out)?;
        let rows = [
            (self.found, "found"),
            (self.excluded.as_ref().map_or(0, |own| own.messages), "left out"),
            (self.copies, "merged as copies"),
            (self.odd.damaged, "kept although damaged"),
        ];
        for (n, what) in rows.iter().filter(|(n, _)| *n > 0) {
            writeln!(terminal.out, "{:>11} {what}", HumanCount(*n).to_string())?;
        }
        let indexed = format!("{:>11} in the archive", HumanCount(self.indexed).to_string());
        writeln!(terminal.out, "{}", terminal.bold(&indexed))?;
        let day = |date: &Option<String>| date.as_deref().and_then(|date| date.get(..10)).map(str::to_owned);
        if let (Some(first), Some(last)) = (day(&self.first_date), day(&self.last_date)) {
            let threads = words::counted(self.threads, "thread", "threads");
            writeln!(terminal.out, "{:11} in {threads}, from {first} to {last}", "")?;
        }
        self.write_absent(terminal)?;
        self.write_privacy(terminal)?;
        writeln!(terminal.out)?;
        let size: u64 = self.sections.iter().map(|(_, bytes)| bytes).sum();
        let [raw, size, opening, page] =
            [self.raw_bytes, size, self.opening_bytes, self.page_bytes].map(words::bytes);
        writeln!(terminal.out, "{raw} of mail in {size}, {:.1} s", self.seconds)?;
        self.kept.write(terminal)?;
        writeln!(terminal.out, "{}", words::opening(&opening, &page))?;
        Ok(())
    }
}

impl Report<'_> {
    /// What was left out, blacked out and masked, and what is still told of it.
    fn write_privacy(&self, terminal: &mut Terminal<'_>) -> Result<()> {
        if let Some(own) = self.excluded.as_ref().filter(|own| own.answered_by > 0) {
            let kept = words::messages(own.answered_by);
            let quoting = HumanCount(own.perhaps_quoted_by);
            let said = "in answer to what was left out, with its ids;";
            writeln!(terminal.out, "{:11} {kept} {said} {quoting} with quotes", "")?;
        }
        if let Some(own) = &self.redacted {
            let messages = words::messages(own.messages);
            let attachments = words::counted(own.attachments, "attachment", "attachments");
            writeln!(terminal.out, "{:11} blacked out in {messages} and {attachments}:", "")?;
            let parts: Vec<String> =
                own.parts.iter().map(|(part, n)| format!("{part} {}", HumanCount(*n))).collect();
            let parts = if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") };
            writeln!(terminal.out, "{:11}   {parts}", "")?;
            let unused = own.lines_without_match;
            if !unused.is_empty() {
                let first: Vec<String> = unused.iter().take(10).map(usize::to_string).collect();
                let more = if unused.len() > first.len() { ", …" } else { "" };
                writeln!(
                    terminal.out,
                    "{:11}   {} of {} lines of the list are nowhere: {}{more}",
                    "",
                    HumanCount(unused.len() as u64),
                    HumanCount(own.lines),
                    first.join(", ")
                )?;
            }
        }
        if let Some(masked) = self.masked_addresses {
            let masked = words::counted(masked, "address", "addresses");
            writeln!(terminal.out, "{:11} {masked} masked", "")?;
        }
        Ok(())
    }
}

impl Kept {
    /// `kept: 120 attachments (34.1 MB) and 3,000 originals (12.0 MB) in 40 files, 30.2 MB`
    fn write(&self, terminal: &mut Terminal<'_>) -> Result<()> {
        let rows = [
            (self.attachments, "attachment", "attachments", self.attachment_bytes),
            (self.originals, "original", "originals", self.original_bytes),
        ];
        let told = rows.iter().filter(|row| row.0 > 0);
        let what: Vec<String> = told
            .map(|(n, one, many, bytes)| {
                format!("{} ({})", words::counted(*n, one, many), words::bytes(*bytes))
            })
            .collect();
        if what.is_empty() {
            return Ok(());
        }
        let files = words::counted(self.files, "file", "files");
        writeln!(terminal.out, "kept: {} in {files}, {}", what.join(" and "), words::bytes(self.bytes))?;
        Ok(())
    }
}

impl Input<'_> {
    /// `lists: 1,234 messages, 34 of them copies (folder of mboxes, 12 files, 5.00 MB)` and what was odd.
    fn write(&self, terminal: &mut Terminal<'_>) -> Result<()> {
        let mut found = match self.found {
            0 => "no mail found".to_owned(),
            n => words::messages(n),
        };
        if self.copies > 0 {
            found.push_str(&format!(", {} merged as copies", HumanCount(self.copies)));
        }
        if self.excluded > 0 {
            found.push_str(&format!(", {} left out", HumanCount(self.excluded)));
        }
        for (name, n) in self.items {
            found.push_str(&format!(", {} of them {name}", HumanCount(*n)));
        }
        let mut what = vec![self.kind.to_owned()];
        if self.files != 1 {
            what.push(words::counted(self.files, "file", "files"));
        }
        what.push(words::bytes(self.bytes));
        what.retain(|part| !part.is_empty());
        let (source, what) = (line(self.source), what.join(", "));
        writeln!(terminal.out, "{}: {found} ({})", terminal.bold(&source), line(&what))?;
        for columns in self.columns {
            writeln!(terminal.out, "  columns read: {}", line(columns))?;
        }
        write_rows(
            &format!("{} kept although damaged", HumanCount(self.odd.damaged)),
            &self.odd.damages,
            terminal,
        )?;
        write_rows("not read, or not wholly", &self.not_read, terminal)?;
        write_rows("remarks", &self.odd.remarks, terminal)
    }
}

fn write_rows(title: &str, rows: &[Row<'_>], terminal: &mut Terminal<'_>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(terminal.out, "  {title}:")?;
    for Row { reason, n, example, detail, .. } in rows {
        let detail = if detail.is_empty() { String::new() } else { format!(" ({detail})") };
        let example = format!("e.g. {example}{detail}");
        writeln!(terminal.out, "{:>11} {}", HumanCount(*n).to_string(), line(reason))?;
        writeln!(terminal.out, "{:11} {}", "", terminal.dim(&line(&example)))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use maildex_build::build::report::Damage;
    use maildex_build::input::{InputReport, Reason, Skipped};

    use super::*;

    const OPENING: Opening = Opening { archive: 9_000, page: 120_000 };

    fn skipped(example: &str) -> Skipped {
        Skipped { reason: Reason::NotMail, n: 3, example: example.into(), detail: "PNG picture".into() }
    }

    fn oddities() -> Oddities {
        let damaged = |name, n| Damaged {
            damage: Damage::named(name).unwrap(),
            n,
            example: "lists/1.mbox at byte 42".into(),
        };
        Oddities {
            damaged: 7,
            damages: vec![damaged("no-date", 7)],
            remarks: vec![damaged("no-message-id", 2)],
        }
    }

    fn sample() -> BuildReport {
        BuildReport {
            inputs: vec![
                InputOutcome {
                    read: InputReport {
                        source: "lists".into(),
                        kind: "folder of mboxes".into(),
                        found: 1234,
                        bytes: 5_000_000,
                        files: 12,
                        files_with_mail: 9,
                        items: vec![("appointments", 2)],
                        columns: vec!["from=sender, body=text".into()],
                        skipped: vec![skipped("lists/\x1b[2Jcat.png")],
                    },
                    copies: 34,
                    excluded: 0,
                    oddities: oddities(),
                },
                InputOutcome {
                    read: InputReport {
                        source: "cat.png".into(),
                        bytes: 9,
                        files: 1,
                        skipped: vec![skipped("cat.png")],
                        ..InputReport::default()
                    },
                    ..InputOutcome::default()
                },
            ],
            messages: 1200,
            copies: 34,
            oddities: oddities(),
            threads: 400,
            dates: Some((0, 86_400)),
            raw_bytes: 4_900_000,
            sections: vec![("lists", 1_000_000), ("records", 2_000_000)],
            ..BuildReport::default()
        }
    }

    #[test]
    fn a_person_reads_all_counts_with_reason_and_example() {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut terminal = Terminal { out: &mut out, err: &mut err, styled: false, watched: false };
        report(&sample(), OPENING, &Clock::default(), 2.5).write(&mut terminal).unwrap();
        let expect = "\
lists: 1,234 messages, 34 merged as copies, 2 of them appointments (folder of mboxes, 12 files, 5.00 MB)
  columns read: from=sender, body=text
  7 kept although damaged:
          7 no Date header
            e.g. lists/1.mbox at byte 42
  not read, or not wholly:
          3 not mail
            e.g. lists/<U+001B>[2Jcat.png (PNG picture)
  remarks:
          2 no Message-ID
            e.g. lists/1.mbox at byte 42
cat.png: no mail found (9 B)
  not read, or not wholly:
          3 not mail
            e.g. cat.png (PNG picture)

      1,234 found
         34 merged as copies
          7 kept although damaged
      1,200 in the archive
            in 400 threads, from 1970-01-01 to 1970-01-02

4.90 MB of mail in 3.00 MB, 2.5 s
9.00 kB to open it, besides 120.00 kB of page, scripts and WebAssembly (both gzipped)
";
        assert_eq!(String::from_utf8(out).unwrap(), expect);
    }

    #[test]
    fn an_input_without_mail_is_named() {
        let sample = sample();
        let report = report(&sample, OPENING, &Clock::default(), 2.5);
        let said: Vec<String> = report.without_mail().collect();
        assert_eq!(said, ["no mail found in cat.png (not mail); the site is made of the other inputs"]);
    }

    #[test]
    fn a_program_reads_the_same() {
        let json = serde_json::to_value(report(&sample(), OPENING, &Clock::default(), 2.5)).unwrap();
        assert_eq!(json["found"], 1234);
        assert_eq!(json["indexed"], 1200);
        assert_eq!(json["inputs"][0]["not_read"][0]["reason"], "not mail");
        assert_eq!(json["inputs"][0]["indexed"], 1200);
        assert_eq!(json["inputs"][0]["copies"], 34);
        assert_eq!(json["inputs"][0]["damages"][0]["n"], 7);
        assert_eq!(json["inputs"][0]["remarks"][0]["name"], "no-message-id");
        assert_eq!(json["inputs"][1]["found"], 0);
        assert_eq!(json["damages"][0]["name"], "no-date");
        assert_eq!(json["damages"][0]["example"], "lists/1.mbox at byte 42");
        assert_eq!(json["last_date"], "1970-01-02T00:00:00Z");
    }
}
