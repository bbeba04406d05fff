//! Amounts of time in the unit that suits them, and dates.

use crate::value::view::View;

/// Nanoseconds as seconds, or as the largest smaller unit of which there is one.
pub fn seconds<'a>(nanos: i128) -> View<'a> {
    let (decimals, unit) = match nanos.unsigned_abs() {
        0 => (9, "s"),
        1..=999 => (0, "ns"),
        1_000..=999_999 => (3, "µs"),
        1_000_000..=999_999_999 => (6, "ms"),
        _ => (9, "s"),
    };
    View::Quantity { count: nanos, decimals, unit: unit.into() }
}

/// Days from 0000-03-01 to 1970-01-01 in the Gregorian calendar.
const EPOCH: i128 = 719_468;

/// Days in 400 years, after which the calendar repeats.
const CYCLE: i128 = 146_097;

/// `2024-02-29`, that many days after 1970-01-01; none outside of the years 0 to 9999.
pub fn date_of(days: i128) -> Option<String> {
    let days = days.checked_add(EPOCH)?;
    let (cycle, day) = (days.div_euclid(CYCLE), days.rem_euclid(CYCLE));
    // Years begin with March here, so that a leap day ends one.
    let year = (day - day / 1_460 + day / 36_524 - day / (CYCLE - 1)) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day_of_month = day - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = cycle.checked_mul(400)?.checked_add(year + later)?;
    (0..=9999).contains(&year).then(|| format!("{year:04}-{month:02}-{day_of_month:02}"))
}

/// `2020-09-13 12:26:40`, that many seconds after the beginning of 1970.
pub fn date_time(seconds: i128) -> Option<String> {
    let (date, second) = (date_of(seconds.div_euclid(86_400))?, seconds.rem_euclid(86_400));
    Some(format!("{date} {:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_gregorian_calendar() {
        let date = |days| date_of(days).unwrap_or_default();
        assert_eq!((date(0), date(-1), date(59)), ("1970-01-01".into(), "1969-12-31".into(), "1970-03-01".into()));
        assert_eq!((date(11_016), date(19_782)), ("2000-02-29".into(), "2024-02-29".into()));
        assert_eq!((date(47_540), date(47_541)), ("2100-02-28".into(), "2100-03-01".into()));
        assert_eq!((date(2_932_896), date_of(2_932_897)), ("9999-12-31".into(), None));
        assert_eq!(date_of(i128::MAX), None);
        // Every day follows the one before it.
        let mut previous = date(-800_000 + 100_000);
        for days in -699_999..=100_000 {
            let next = date(days);
            assert!(next > previous, "{previous} {next}");
            previous = next;
        }
    }

    #[test]
    fn times_before_the_epoch_count_forwards() {
        assert_eq!(date_time(1_600_000_000).as_deref(), Some("2020-09-13 12:26:40"));
        assert_eq!(date_time(-1).as_deref(), Some("1969-12-31 23:59:59"));
    }
}
