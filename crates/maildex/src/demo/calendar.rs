//! Dates of the fictional years: civil calendar, summer time, header formats, and when people write.

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// First and last year of the correspondence.
pub(super) const FIRST_YEAR: i64 = 2008;
pub(super) const LAST_YEAR: i64 = 2019;

pub(super) const HOUR: i64 = 3600;
pub(super) const DAY: i64 = 24 * HOUR;

/// A point in time, in the wall clock of its writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) year: i64,
    /// 1–12.
    pub(super) month: i64,
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    /// 0 is Sunday.
    pub(super) weekday: i64,
    /// Hours east of UTC.
    pub(super) zone: i64,
}

/// Days since 1970-01-01 of a civil date (Howard Hinnant, "chrono-compatible low-level date algorithms").
pub(super) fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y - era * 400;
    let doy = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

impl Clock {
    /// The wall clock at `seconds` since 1970 for a writer whose winter time is `winter` hours east of UTC.
    /// Zones from 0 to 2 hours east keep European summer time, the others none.
    pub(super) fn at(seconds: i64, winter: i64) -> Self {
        let zone = winter + i64::from((0..=2).contains(&winter) && is_summer(seconds));
        Self::fixed(seconds, zone)
    }

    fn fixed(seconds: i64, zone: i64) -> Self {
        let local = seconds + zone * HOUR;
        let (days, rest) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z - era * 146_097;
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        Self {
            year: yoe + era * 400 + i64::from(month <= 2),
            month,
            day: doy - (153 * mp + 2) / 5 + 1,
            hour: rest / HOUR,
            minute: rest / 60 % 60,
            second: rest % 60,
            weekday: (days + 4).rem_euclid(7),
            zone,
        }
    }

    pub(super) fn month_name(&self) -> &'static str {
        month_name(self.month)
    }

    pub(super) fn weekday_name(&self) -> &'static str {
        WEEKDAYS[usize::try_from(self.weekday).unwrap_or(0) % 7]
    }

    /// RFC 5322, section 3.3.
    pub(super) fn rfc5322(&self) -> String {
        let Self { year, day, hour, minute, second, zone, .. } = self;
        let (weekday, month) = (&self.weekday_name()[..3], &self.month_name()[..3]);
        let sign = if *zone < 0 { '-' } else { '+' };
        let zone = zone.abs();
        format!("{weekday}, {day} {month} {year} {hour:02}:{minute:02}:{second:02} {sign}{zone:02}00")
    }
}

/// The date of an mbox `From ` line, in UTC as RFC 4155 says.
pub(super) fn asctime(seconds: i64) -> String {
    let clock = Clock::fixed(seconds, 0);
    let Clock { year, day, hour, minute, second, .. } = clock;
    let (weekday, month) = (&clock.weekday_name()[..3], &clock.month_name()[..3]);
    format!("{weekday} {month} {day:2} {hour:02}:{minute:02}:{second:02} {year}")
}

/// The English name of a month; numbers outside 1–12 wrap around.
pub(super) fn month_name(month: i64) -> &'static str {
    MONTHS[usize::try_from((month - 1).rem_euclid(12)).unwrap_or(0)]
}

/// European summer time: from the last Sunday of March to the last of October, at 01:00 UTC.
fn is_summer(seconds: i64) -> bool {
    let year = Clock::fixed(seconds, 0).year;
    let change = |month| {
        let last = days_from_civil(year, month, 31);
        (last - (last + 4).rem_euclid(7)) * DAY + HOUR
    };
    (change(3)..change(10)).contains(&seconds)
}

/// How much is written, relative to other hours: by year, month, weekday and hour.
pub(super) fn activity(seconds: i64) -> u64 {
    const YEARS: [u64; 12] = [50, 60, 76, 92, 88, 108, 126, 112, 118, 124, 104, 96];
    const BY_MONTH: [u64; 12] = [110, 100, 104, 98, 96, 88, 70, 66, 100, 112, 120, 84];
    const BY_WEEKDAY: [u64; 7] = [48, 112, 116, 114, 112, 96, 44];
    const BY_HOUR: [u64; 24] =
        [6, 3, 2, 1, 1, 4, 14, 40, 72, 96, 104, 98, 76, 70, 88, 92, 90, 78, 60, 62, 72, 70, 44, 18];
    let clock = Clock::at(seconds, 0);
    let at = |idx: i64| usize::try_from(idx).unwrap_or(0);
    let year = (clock.year.clamp(FIRST_YEAR, LAST_YEAR)) - FIRST_YEAR;
    // Storm Ragna, the vote, and the week in which the logbook was found.
    let stir = match (clock.year, clock.month) {
        (2011, 11) => 22,
        (2011, 12) | (2014, 5..=6) | (2016, 6) => 16,
        _ => 10,
    };
    YEARS[at(year)]
        * BY_MONTH[at(clock.month - 1)]
        * BY_WEEKDAY[at(clock.weekday)]
        * BY_HOUR[at(clock.hour)]
        * stir
        / 10
}
