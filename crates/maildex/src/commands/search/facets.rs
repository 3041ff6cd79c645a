//! `--facets`: what the hits are made of.

use std::collections::BTreeMap;

use anyhow::Result;
use indicatif::HumanCount;
use maildex_core::{Facet, Facets, Group};
use serde::Serialize;

use crate::terminal::{Terminal, line};
use crate::words;

/// Cells of the longest bar of a histogram.
const BAR: u64 = 40;

/// The facets of these names, all of them in their own order; `all` is every one.
pub(super) fn named(names: &[String]) -> Vec<Facet> {
    let is_meant = |facet: &Facet| names.iter().any(|name| name == "all" || name == facet.name());
    Facet::ALL.into_iter().filter(is_meant).collect()
}

/// Facets by name, as JSON.
#[derive(Debug, Serialize)]
pub(super) struct Told {
    undated: u64,
    #[serde(flatten)]
    groups: BTreeMap<&'static str, ToldGroup>,
}

#[derive(Debug, Serialize)]
struct ToldGroup {
    different: u64,
    values: Vec<ToldValue>,
}

#[derive(Debug, Serialize)]
struct ToldValue {
    value: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    messages: u64,
    query: String,
}

impl From<Facets> for Told {
    fn from(facets: Facets) -> Told {
        let group = |group: Group| {
            let value = |value: maildex_core::Value| ToldValue {
                value: value.value,
                name: value.name,
                messages: value.n,
                query: value.query,
            };
            let values = group.values.into_iter().map(value).collect();
            (group.facet.name(), ToldGroup { different: group.n_values, values })
        };
        Told { undated: facets.undated, groups: facets.groups.into_iter().map(group).collect() }
    }
}

/// Writes facets for a person. Those without any value are left out.
pub(super) fn write(facets: &Facets, terminal: &mut Terminal<'_>) -> Result<()> {
    writeln!(terminal.out, "{}", words::messages(facets.total))?;
    for group in facets.groups.iter().filter(|group| !group.values.is_empty()) {
        let is_time = matches!(group.facet, Facet::Year | Facet::Month);
        let most = group.values.iter().map(|value| value.n).max().unwrap_or(1);
        writeln!(terminal.out, "\n{}", terminal.bold(group.facet.name()))?;
        for value in &group.values {
            let n = HumanCount(value.n).to_string();
            let (name, text) = (line(&value.name), line(&value.value));
            let text = match (name.is_empty(), is_time) {
                (_, true) => format!("{text}  {}", "▇".repeat((value.n * BAR).div_ceil(most) as usize)),
                (true, _) if text.is_empty() => "no sender".to_owned(),
                (true, _) => text.into_owned(),
                _ if name == text => text.into_owned(),
                _ => format!("{name} <{text}>"),
            };
            writeln!(terminal.out, "{n:>10}  {text}")?;
        }
        if is_time && facets.undated > 0 {
            writeln!(terminal.out, "{:>10}  no date", HumanCount(facets.undated).to_string())?;
        }
        let rest = group.n_values.saturating_sub(group.values.len() as u64);
        if rest > 0 {
            let more = HumanCount(rest);
            writeln!(terminal.out, "{}", terminal.dim(&format!("{:>10}  … and {more} more", "")))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use maildex_core::Value;

    #[test]
    fn facets_as_text() {
        let value = |value: &str, name: &str, n| Value {
            value: value.into(),
            name: name.into(),
            n,
            query: String::new(),
        };
        let groups = vec![
            Group {
                facet: Facet::Year,
                n_values: 2,
                values: vec![value("2001", "", 40), value("2002", "", 1000)],
            },
            Group {
                facet: Facet::People,
                n_values: 9,
                values: vec![value("amy@acme.example", "Amy\x1b[2J", 1030), value("", "", 10)],
            },
            Group { facet: Facet::Lang, n_values: 0, values: Vec::new() },
        ];
        let facets = Facets { total: 1045, undated: 5, groups };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut terminal = Terminal { out: &mut out, err: &mut err, styled: false, watched: false };
        write(&facets, &mut terminal).unwrap();
        let expect = "\
1,045 messages

year
        40  2001  ▇▇
     1,000  2002  ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇
         5  no date

people
     1,030  Amy<U+001B>[2J <amy@acme.example>
        10  no sender
            … and 7 more
";
        assert_eq!(String::from_utf8(out).unwrap(), expect);
    }

    #[test]
    fn names_of_facets() {
        assert_eq!(named(&["people".into(), "year".into()]), [Facet::Year, Facet::People]);
        assert_eq!(named(&["all".into()]).len(), Facet::ALL.len());
    }
}
