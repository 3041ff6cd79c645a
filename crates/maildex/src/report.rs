//! The report of a build, for a person and for programs.

use anyhow::Result;
use indicatif::HumanCount;
use maildex_build::build::report::BuildReport;
use serde::Serialize;

use crate::terminal::{Terminal, line};
use crate::words;

/// The report as `--report` writes it.
#[derive(Debug, Serialize)]
pub(crate) struct Report<'a> {
    inputs: Vec<Input<'a>>,
    found: u64,
    indexed: u64,
    copies: u64,
    damaged: u64,
    damages: Vec<Row<'a>>,
    undated: u64,
    threads: u64,
    absent_references: u64,
    first_date: Option<String>,
    last_date: Option<String>,
    raw_bytes: u64,
    front_bytes: u64,
    sections: Vec<(&'a str, u64)>,
    seconds: f64,
}

#[derive(Debug, Serialize)]
struct Input<'a> {
    source: &'a str,
    kind: &'a str,
    found: u64,
    files: u64,
    bytes: u64,
    not_read: Vec<Row<'a>>,
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
pub(crate) fn report(build: &BuildReport, seconds: f64) -> Report<'_> {
    let inputs = build.inputs.iter().map(|input| Input {
        source: &input.source,
        kind: &input.kind,
        found: input.found,
        files: input.files,
        bytes: input.bytes,
        not_read: input
            .skipped
            .iter()
            .map(|skipped| Row {
                name: None,
                reason: skipped.reason.to_string(),
                n: skipped.n,
                example: &skipped.example,
                detail: &skipped.detail,
            })
            .collect(),
    });
    let damages = build.damages.iter().map(|damaged| Row {
        name: Some(damaged.damage.name),
        reason: damaged.damage.meaning.to_owned(),
        n: damaged.n,
        example: &damaged.example,
        detail: "",
    });
    Report {
        found: build.inputs.iter().map(|input| input.found).sum(),
        inputs: inputs.collect(),
        indexed: build.messages,
        copies: build.copies,
        damaged: build.damaged,
        damages: damages.collect(),
        undated: build.undated,
        threads: build.threads,
        absent_references: build.ghosts,
        first_date: build.dates.and_then(|(first, _)| words::rfc3339(first)),
        last_date: build.dates.and_then(|(_, last)| words::rfc3339(last)),
        raw_bytes: build.raw_bytes,
        front_bytes: build.front_bytes,
        sections: build.sections.clone(),
        seconds,
    }
}

impl Report<'_> {
    /// Writes the report for a person: what was found, what became of it, and all that was not as it should be.
    pub(crate) fn write(&self, terminal: &mut Terminal<'_>) -> Result<()> {
        self.write_inputs(terminal)?;
        writeln!(terminal.out)?;
        let rows =
            [(self.found, "found"), (self.copies, "merged as copies"), (self.indexed, "in the archive")];
        for (n, what) in rows {
            let row = format!("{:>11} {what}", HumanCount(n).to_string());
            let row = if what == "in the archive" { terminal.bold(&row) } else { row.as_str().into() };
            writeln!(terminal.out, "{row}")?;
        }
        let day = |date: &Option<String>| date.as_deref().and_then(|date| date.get(..10)).map(str::to_owned);
        if let (Some(first), Some(last)) = (day(&self.first_date), day(&self.last_date)) {
            let threads = words::counted(self.threads, "thread", "threads");
            writeln!(terminal.out, "{:11} in {threads}, from {first} to {last}", "")?;
        }
        let damages: Vec<_> = self.damages.iter().map(|row| (None, row)).collect();
        write_rows(&format!("{} kept with damage:", words::messages(self.damaged)), &damages, terminal)?;
        let not_read: Vec<_> = self
            .inputs
            .iter()
            .flat_map(|input| input.not_read.iter().map(|row| (Some(input.source), row)))
            .collect();
        write_rows("Not read, or not wholly:", &not_read, terminal)?;
        writeln!(terminal.out)?;
        let size: u64 = self.sections.iter().map(|(_, bytes)| bytes).sum();
        let (raw, size) = (words::bytes(self.raw_bytes), words::bytes(size));
        let front = words::bytes(self.front_bytes);
        writeln!(terminal.out, "{raw} of mail in {size}, {front} of them to open, {:.1} s", self.seconds)?;
        Ok(())
    }

    fn write_inputs(&self, terminal: &mut Terminal<'_>) -> Result<()> {
        let width =
            self.inputs.iter().map(|input| input.source.chars().count()).max().unwrap_or(0).clamp(5, 40);
        for input in &self.inputs {
            let found = words::messages(input.found);
            let files = if input.files > 1 {
                format!(", {}", words::counted(input.files, "file", "files"))
            } else {
                String::new()
            };
            let size = words::bytes(input.bytes);
            let (source, kind) = (line(input.source), line(input.kind));
            writeln!(terminal.out, "{source:<width$}  {found:>18}  {kind}{files}, {size}")?;
        }
        Ok(())
    }
}

fn write_rows(title: &str, rows: &[(Option<&str>, &Row<'_>)], terminal: &mut Terminal<'_>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(terminal.out, "\n{title}")?;
    for (source, Row { reason, n, example, detail, .. }) in rows {
        let detail = if detail.is_empty() { String::new() } else { format!(" ({detail})") };
        let reason = line(reason);
        let source = source.filter(|source| !example.starts_with(source)).map(|source| format!("{source}: "));
        let example = format!("{}{example}{detail}", source.unwrap_or_default());
        writeln!(terminal.out, "{:>11} {reason}", HumanCount(*n).to_string())?;
        writeln!(terminal.out, "{:11} {}", "", terminal.dim(&format!("e.g. {}", line(&example))))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use maildex_build::build::report::{Damage, Damaged};
    use maildex_build::input::{InputReport, Reason, Skipped};

    use super::*;

    fn sample() -> BuildReport {
        BuildReport {
            inputs: vec![InputReport {
                source: "lists".into(),
                kind: "folder of mboxes".into(),
                found: 1234,
                bytes: 5_000_000,
                files: 12,
                skipped: vec![Skipped {
                    reason: Reason::NotMail,
                    n: 3,
                    example: "lists/\x1b[2Jcat.png".into(),
                    detail: "PNG picture".into(),
                }],
            }],
            messages: 1200,
            copies: 34,
            damaged: 7,
            damages: vec![Damaged {
                damage: Damage { name: "no-date", meaning: "no Date header" },
                n: 7,
                example: "lists/1.mbox at byte 42".into(),
            }],
            threads: 400,
            dates: Some((0, 86_400)),
            raw_bytes: 4_900_000,
            sections: vec![("lists", 1_000_000), ("records", 2_000_000)],
            front_bytes: 9_000,
            ..BuildReport::default()
        }
    }

    #[test]
    fn a_person_reads_all_counts_with_reason_and_example() {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut terminal = Terminal { out: &mut out, err: &mut err, styled: false, watched: false };
        report(&sample(), 2.5).write(&mut terminal).unwrap();
        let expect = "\
lists      1,234 messages  folder of mboxes, 12 files, 5.00 MB

      1,234 found
         34 merged as copies
      1,200 in the archive
            in 400 threads, from 1970-01-01 to 1970-01-02

7 messages kept with damage:
          7 no Date header
            e.g. lists/1.mbox at byte 42

Not read, or not wholly:
          3 not mail
            e.g. lists/<U+001B>[2Jcat.png (PNG picture)

4.90 MB of mail in 3.00 MB, 9.00 kB of them to open, 2.5 s
";
        assert_eq!(String::from_utf8(out).unwrap(), expect);
    }

    #[test]
    fn a_program_reads_the_same() {
        let json = serde_json::to_value(report(&sample(), 2.5)).unwrap();
        assert_eq!(json["found"], 1234);
        assert_eq!(json["indexed"], 1200);
        assert_eq!(json["inputs"][0]["not_read"][0]["reason"], "not mail");
        assert_eq!(json["damages"][0]["name"], "no-date");
        assert_eq!(json["damages"][0]["example"], "lists/1.mbox at byte 42");
        assert_eq!(json["last_date"], "1970-01-02T00:00:00Z");
    }
}
