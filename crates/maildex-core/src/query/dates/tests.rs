use super::*;

const TODAY: Day = Day { year: 2012, month: 11, day: 22 };

#[track_caller]
fn check(text: &str, expect: &str) {
    let found = parse_date(text, TODAY).map_or("none".to_owned(), |(date, _)| date.to_string());
    assert_eq!(found, expect, "{text}");
}

#[test]
fn every_spelling_of_a_date() {
    for text in ["2012-03-04", "2012/03/04", "2012.3.4", "20120304", "4 march 2012", "mar-4-2012", "4mar2012"]
    {
        check(text, "2012-03-04");
    }
    for text in ["March 4, 2012", "4th of March 2012", "2012-mar-4", "3/4/2012", "4.3.2012"] {
        check(text, "2012-03-04");
    }
    for text in ["2012-03", "2012/3", "2012.03", "201203", "march 2012", "Mar2012", "2012mar", "3/2012"] {
        check(text, "2012-03");
    }
    check("2012", "2012");
    check("31/12/2012", "2012-12-31");
    check("1325376000", "1325376000");
    check("123456789", "123456789");
    check("december", "2011-12");
    check("november", "2012-11");
    check("today", "2012-11-22");
    check("Yesterday", "2012-11-21");
    check("2w", "2012-11-08");
}

#[test]
fn what_is_no_date() {
    for text in
        ["", "x", "2012-13", "2012-02-30", "2011-02-29", "12345", "0000", "1/2/12", "1-2-3-4", "ma 2012"]
    {
        check(text, "none");
    }
    for text in ["99999999999999999999", "2012--03-04-", "2012é", "2012-00", "00/00/2012", "2012-2013", "5 5"]
    {
        check(text, "none");
    }
    for text in ["2012---03", "é", "1m2012x"] {
        check(text, "none");
    }
}

#[test]
fn ages_count_back_from_today() {
    let age = |text| parse_age(text, TODAY).map(|day| Date::Day(day).to_string());
    assert_eq!(age("1y").as_deref(), Some("2011-11-22"));
    assert_eq!(age("10d").as_deref(), Some("2012-11-12"));
    assert_eq!(age("9m").as_deref(), Some("2012-02-22"));
    assert_eq!(age("9999y").as_deref(), Some("0001-01-01"));
    assert_eq!(age("d"), None);
    assert_eq!(age("1"), None);
    assert_eq!(age("99999d"), None);
    let end = Day { year: 2012, month: 3, day: 31 };
    assert_eq!(parse_age("1m", end), Day::new(2012, 2, 29));
}

#[test]
fn numbers_and_days_agree() {
    let mut day = Day { year: 1, month: 1, day: 1 };
    for number in day.number()..=(Day { year: 2400, month: 12, day: 31 }).number() {
        assert_eq!(day.number(), number);
        assert_eq!(Day::from_number(number), day);
        day.day += 1;
        if Day::new(day.year, day.month, day.day).is_none() {
            day = Day { month: day.month + 1, day: 1, ..day };
        }
        if day.month > 12 {
            day = Day { year: day.year + 1, month: 1, day: 1 };
        }
    }
    assert_eq!(Zone::default().day_start(Day { year: 1970, month: 1, day: 1 }), 0);
}

#[test]
fn days_follow_the_zone() {
    // Central Europe in 2012: +1, +2 from 25 March 01:00 UTC, +1 from 28 October 01:00 UTC.
    let zone = Zone::new(vec![(1_319_936_400, 3600), (1_332_637_200, 7200), (1_351_386_000, 3600)]);
    let length = |day: Day| Date::Day(day).end(&zone) - Date::Day(day).start(&zone);
    assert_eq!(zone.day_start(Day { year: 2012, month: 1, day: 1 }), 1_325_376_000 - 3600);
    assert_eq!(zone.day_start(Day { year: 2000, month: 1, day: 1 }), 946_684_800 - 3600);
    assert_eq!(length(Day { year: 2012, month: 3, day: 25 }), 23 * 3600);
    assert_eq!(length(Day { year: 2012, month: 10, day: 28 }), 25 * 3600);
    assert_eq!(zone.day(1_325_376_000 - 3600), Day { year: 2012, month: 1, day: 1 });
    assert_eq!(zone.day(1_325_376_000 - 3601), Day { year: 2011, month: 12, day: 31 });
    // Clocks that skip midnight, and clocks that pass it twice.
    let skips = Zone::new(vec![(0, 0), (86_400, 3600)]);
    assert_eq!(skips.day_start(Day { year: 1970, month: 1, day: 2 }), 86_400);
    let twice = Zone::new(vec![(0, 3600), (84_600, 0)]);
    assert_eq!(twice.day_start(Day { year: 1970, month: 1, day: 2 }), 82_800);
}
