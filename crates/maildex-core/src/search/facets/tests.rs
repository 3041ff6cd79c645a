use super::*;
use crate::sample::{Zstd, mails, segment};
use crate::{Archive, Step};

fn value(value: &str, n: u64) -> Value {
    Value { value: value.into(), n, ..Value::default() }
}

fn group(facet: Facet, rows: &[(&str, u64)]) -> Group {
    Group { facet, n_values: 0, values: rows.iter().map(|(v, n)| value(v, *n)).collect() }
}

#[test]
fn parts_of_paths_are_told_where_they_say_more() {
    let rows = [("a", 9), ("a/b", 4), ("a/c", 5), ("b", 4), ("c", 7), ("d", 2), ("d/c", 2), ("e//f", 1)];
    let mut group = group(Facet::Label, &rows);
    group.drop_parts();
    let told: Vec<&str> = group.values.iter().map(|value| value.value.as_str()).collect();
    assert_eq!(told, ["a", "a/b", "a/c", "c", "d/c", "e//f"]);
}

#[test]
fn segments_are_added() {
    let rows = [("x", 1), ("y", 3), ("x", 5), ("z", 3)];
    let check = |facet, limit, expected: &[(&str, u64)]| {
        let mut group = group(facet, &rows);
        group.join();
        group.finish(limit);
        let told: Vec<(&str, u64)> =
            group.values.iter().map(|value| (value.value.as_str(), value.n)).collect();
        assert_eq!((told.as_slice(), group.n_values), (expected, 3));
    };
    check(Facet::List, 2, &[("x", 6), ("y", 3)]);
    check(Facet::Month, 1, &[("x", 6), ("y", 3), ("z", 3)]);
}

#[test]
fn every_message_is_counted_once() {
    let mails = mails(3000, 3);
    let (front, blob) = segment(&mails, 1024, &mut Zstd).blob();
    let mut archive = Archive::new();
    archive.open(&front).unwrap();
    archive.put(0, 0, &blob).unwrap();
    let zone = archive.context(0, false).zone;
    let query = crate::query::parse("", &archive.context(0, false));
    let Step::Done(facets) = archive.facets(&query, false, &Facet::ALL, 20).unwrap() else {
        panic!("all is here")
    };
    assert_eq!(facets.total, 3000);
    assert_eq!(facets.undated, mails.iter().filter(|mail| mail.date.is_none()).count() as u64);
    for (group, length) in facets.groups.iter().zip([4, 7]) {
        let n: u64 = group.values.iter().map(|value| value.n).sum();
        assert_eq!(n + facets.undated, 3000, "{:?}", group.facet);
        for value in &group.values {
            let day = |mail: &crate::sample::Mail| {
                let day = zone.day(mail.date?);
                Some(Date::Day(day).to_string()[..length].to_owned())
            };
            let counted = mails.iter().filter(|mail| day(mail).as_ref() == Some(&value.value)).count();
            assert_eq!(value.n, counted as u64, "{value:?}");
        }
    }
    let people: Vec<_> =
        facets.groups[2].values.iter().map(|v| (v.name.as_str(), v.query.as_str(), v.n)).collect();
    assert_eq!(
        people,
        [("Ada Quay", "from:ada@quay.example", 1500), ("Bo Holm", "from:bo@mail.holm.example", 1500)]
    );
}
