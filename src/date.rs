//! Dates as they were written, and what can be said of them.
//!
//! A date is an EDTF string (ISO 8601-2:2019, levels 0 to 2): `2025-03-21`,
//! `2025-03`, `2024-07~`, `XXXX-03-13`, `2022-09-23/2022-09-27`. What is
//! unknown stays unknown; a date without a year sorts with the undated. The
//! crate `edtf-core` reads them, because the grammar has more corners than a
//! date parser of ours would ever learn.

use std::fmt;

use edtf_core::{Bound, DateField, Edtf, IntervalEndpoint};
use serde::{Deserialize, Deserializer, de};

/// A day of the proleptic Gregorian calendar: year, month 1-12, day 1-31.
pub type Day = (i32, u8, u8);

/// Where a date lies on the calendar, in days since 1 January 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first day it can mean; `None` where the start is open or unknown.
    pub first: Option<i32>,
    /// The last day it can mean; `None` where the end is open or unknown.
    pub last: Option<i32>,
    /// Whether it is an estimate (`~`), or one end of it is.
    pub approximate: bool,
    /// Whether it is doubted (`?`), or one end of it is.
    pub uncertain: bool,
}

/// An EDTF date, with the first and last day it can mean.
///
/// Most things have no date in most places where they may have one, so that
/// none takes no room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Date(Box<Stated>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Stated {
    text: Box<str>,
    first: Option<Day>,
    last: Option<Day>,
    precision: Precision,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Precision {
    Year,
    Month,
    Day,
    /// Day and month, or only a part of the year: no place on the calendar.
    Floating,
}

impl Date {
    /// Reads an EDTF string.
    ///
    /// # Errors
    ///
    /// What is wrong, and the byte offset in `text` where it was noticed.
    pub fn parse(text: &str) -> Result<Self, (String, usize)> {
        if let Some(day) = plain_day(text) {
            let (first, last) = (Some(day), Some(day));
            let precision = Precision::Day;
            return Ok(Self(Box::new(Stated { text: text.into(), first, last, precision })));
        }
        Self::of_grammar(text)
    }

    /// Reads any EDTF string.
    fn of_grammar(text: &str) -> Result<Self, (String, usize)> {
        let edtf = Edtf::parse(text).map_err(|e| (e.message.to_owned(), e.offset))?;
        let bounds = edtf.bounds();
        let precision = match &edtf {
            Edtf::Date(date) => precision(date),
            Edtf::DateTime(_) => Precision::Day,
            Edtf::Interval(interval) => match (&interval.start, &interval.end) {
                (IntervalEndpoint::Date(a), _) | (_, IntervalEndpoint::Date(a)) => precision(a),
                _ => Precision::Floating,
            },
            Edtf::Set(_) => Precision::Floating,
        };
        let known = precision != Precision::Floating;
        Ok(Self(Box::new(Stated {
            text: text.into(),
            first: day(bounds.earliest).filter(|_| known),
            last: day(bounds.latest).filter(|_| known),
            precision,
        })))
    }

    /// Whether [`parse`](Self::parse) would read this, for less.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn check(text: &str) -> Result<(), (String, usize)> {
        if plain_day(text).is_some() {
            return Ok(());
        }
        Edtf::parse(text).map(drop).map_err(|e| (e.message.to_owned(), e.offset))
    }

    /// The date as its author wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// The date as one would say it: `21 March 2025`, `about July 2024`, `13
    /// March, year unknown`; as it was written where there are no words for it.
    #[must_use]
    pub fn words(&self, say: &Say<'_>) -> String {
        // Nearly all are plain days, and need not be read again.
        if let (Some((year, Some(month), Some(day))), true) =
            (self.filed_under(), is_digits(&self.0.text, &[4, 2, 2]))
        {
            let beside = day_month(day, month, say);
            let words =
                beside.and_then(|d| say("date_day", &[("day", &d), ("year", &year.to_string())]));
            return words.unwrap_or_else(|| self.0.text.to_string());
        }
        // It has been read before, so that there is no error to be seen here.
        let edtf = Edtf::parse(&self.0.text).ok();
        edtf.and_then(|edtf| in_words(&edtf, say)).unwrap_or_else(|| self.0.text.to_string())
    }

    /// The first day it can mean; `None` where the year is not known.
    #[must_use]
    pub fn first(&self) -> Option<Day> {
        self.0.first
    }

    /// The last day it can mean; `None` where the year is not known or the
    /// interval is open.
    #[must_use]
    pub fn last(&self) -> Option<Day> {
        self.0.last
    }

    /// The days it can mean, and how sure that is; `None` where it has no place
    /// on the calendar. What is approximate or uncertain has the days that it
    /// would have without saying so (ISO 8601-2, 8.4.2).
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        let (first, last) = (self.first().and_then(day_number), self.last().and_then(day_number));
        if first.is_none() && last.is_none() {
            return None;
        }
        // EDTF uses these three characters for nothing else.
        let has = |mark: char| self.0.text.contains([mark, '%']);
        Some(Span { first, last, approximate: has('~'), uncertain: has('?') })
    }

    /// Year, month and day as far as they are stated, for filing under them.
    #[must_use]
    pub fn filed_under(&self) -> Option<(i32, Option<u8>, Option<u8>)> {
        let (year, month, day) = self.0.first?;
        Some(match self.0.precision {
            Precision::Year => (year, None, None),
            Precision::Month => (year, Some(month), None),
            Precision::Day => (year, Some(month), Some(day)),
            Precision::Floating => return None,
        })
    }

    /// The form that HTML's `time` element understands; `None` for intervals
    /// and whatever else it has no form for.
    #[must_use]
    pub fn html(&self) -> Option<&str> {
        let stated = self.0.text.trim_end_matches(['~', '?', '%']);
        if let Some(md) = stated.strip_prefix("XXXX-") {
            return is_digits(md, &[2, 2]).then_some(md);
        }
        is_plain(stated).then_some(stated)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|(message, _)| de::Error::custom(message))
    }
}

/// The day on which `text`, an instant with offset (`2025-03-21T18:00:00+02:00`)
/// or a plain date taken as midnight UTC, falls; as seconds since 1970.
///
/// # Errors
///
/// What is wrong with it, in words.
pub fn instant(text: &str) -> Result<i64, String> {
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Ok(at.as_second());
    }
    match text.parse::<jiff::civil::Date>() {
        Ok(date) if text.len() == 10 => date
            .to_zoned(jiff::tz::TimeZone::UTC)
            .map(|zoned| zoned.timestamp().as_second())
            .map_err(|e| e.to_string()),
        _ => Err("an instant has a date, a time and an offset, as in `2025-03-21T18:00:00+02:00`"
            .to_owned()),
    }
}

/// The day, in UTC, on which an instant falls.
#[must_use]
pub fn day_of(seconds: i64) -> Day {
    let date = jiff::Timestamp::from_second(seconds)
        .unwrap_or_default()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date();
    let part = |n: i8| u8::try_from(n).unwrap_or(1);
    (i32::from(date.year()), part(date.month()), part(date.day()))
}

const EPOCH: jiff::civil::Date = jiff::civil::Date::constant(1970, 1, 1);

/// A day as the number of days since 1 January 1970; `None` where there is no
/// such day, or its year has more than four digits.
#[must_use]
pub fn day_number((year, month, day): Day) -> Option<i32> {
    let part = |n: u8| i8::try_from(n).ok();
    let date = jiff::civil::Date::new(i16::try_from(year).ok()?, part(month)?, part(day)?).ok()?;
    i32::try_from(date.duration_since(EPOCH).as_hours() / 24).ok()
}

/// The day that is so many days after 1 January 1970, or else the last or the
/// first day of the calendar.
#[must_use]
pub fn calendar_day(number: i32) -> Day {
    let date = EPOCH.saturating_add(jiff::SignedDuration::from_hours(i64::from(number) * 24));
    let part = |n: i8| u8::try_from(n).unwrap_or(1);
    (i32::from(date.year()), part(date.month()), part(date.day()))
}

/// Seconds since 1970 as `2025-03-21T16:00:00Z`.
#[must_use]
pub fn instant_text(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map(|t| t.to_string()).unwrap_or_default()
}

/// Whether a date is a year, a month or a day, as sure as can be: `2025`,
/// `2025-03`, `2025-03-21`. What knows less of dates than EDTF knows these.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    let is_one = is_digits(text, &[4]) || is_digits(text, &[4, 2]) || is_digits(text, &[4, 2, 2]);
    // Seasons are numbers above 12.
    let month = text.get(5..7).unwrap_or("01");
    is_one && !text.starts_with("0000") && month <= "12"
}

/// The instant in a header of HTTP, such as `Sun, 06 Nov 1994 08:49:37 GMT`,
/// as seconds since 1970; `None` where it is none (RFC 9110, section 5.6.7).
#[must_use]
pub fn http_date(text: &str) -> Option<i64> {
    jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(text.trim())
        .ok()
        .map(jiff::Timestamp::as_second)
}

fn is_digits(text: &str, widths: &[usize]) -> bool {
    let mut rest = text.as_bytes();
    for (part, width) in widths.iter().enumerate() {
        let behind = if part == 0 { Some(rest) } else { rest.strip_prefix(b"-") };
        let Some((digits, further)) = behind.and_then(|text| text.split_at_checked(*width)) else {
            return false;
        };
        if !digits.iter().all(u8::is_ascii_digit) {
            return false;
        }
        rest = further;
    }
    rest.is_empty()
}

/// A day of four, two and two digits that every year has in every month; most dates
/// are, and need no calendar.
fn plain_day(text: &str) -> Option<Day> {
    if !is_digits(text, &[4, 2, 2]) {
        return None;
    }
    let (year, month, day) =
        (text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?);
    (year > 0 && (1..=12).contains(&month) && (1..=28).contains(&day)).then_some((year, month, day))
}

fn day(bound: Bound) -> Option<Day> {
    match bound {
        Bound::Date(d) => Some((i32::try_from(d.year).ok()?, d.month, d.day)),
        _ => None,
    }
}

fn precision(date: &edtf_core::Date) -> Precision {
    if date.year.value().is_none() {
        return Precision::Floating;
    }
    match (field(date.month), field(date.day)) {
        // Seasons and quarters are numbers above 12.
        (Some(month), Some(_)) if month <= 12 => Precision::Day,
        (Some(month), None) if month <= 12 => Precision::Month,
        _ => Precision::Year,
    }
}

fn field(field: Option<DateField>) -> Option<u8> {
    field.and_then(DateField::value)
}

/// What the name of each month is called among the texts of a site.
pub const MONTHS: [&str; 12] = [
    "month_1", "month_2", "month_3", "month_4", "month_5", "month_6", "month_7", "month_8",
    "month_9", "month_10", "month_11", "month_12",
];

/// What a day of each month is called among the texts of a site.
pub const DAYS: [&str; 12] = [
    "day_month_1",
    "day_month_2",
    "day_month_3",
    "day_month_4",
    "day_month_5",
    "day_month_6",
    "day_month_7",
    "day_month_8",
    "day_month_9",
    "day_month_10",
    "day_month_11",
    "day_month_12",
];

/// Says a text of the site's: its key, and what its gaps hold. `None` where
/// there is no such text.
pub type Say<'a> = dyn Fn(&str, &[(&str, &str)]) -> Option<String> + 'a;

fn in_words(edtf: &Edtf, say: &Say<'_>) -> Option<String> {
    match edtf {
        Edtf::Date(date) => date_in_words(date, say),
        Edtf::DateTime(at) => date_in_words(&at.date, say),
        Edtf::Interval(interval) => {
            let end = |e: &IntervalEndpoint| match e {
                IntervalEndpoint::Date(d)
                | IntervalEndpoint::OnOrBefore(d)
                | IntervalEndpoint::OnOrAfter(d) => date_in_words(d, say),
                _ => None,
            };
            let is_open = |e: &IntervalEndpoint| matches!(e, IntervalEndpoint::Open);
            match (end(&interval.start), end(&interval.end)) {
                (Some(a), Some(b)) => say("date_from_to", &[("from", &a), ("to", &b)]),
                (Some(a), None) if is_open(&interval.end) => say("date_since", &[("date", &a)]),
                (Some(a), None) => say("date_end_unknown", &[("date", &a)]),
                (None, Some(b)) if is_open(&interval.start) => say("date_until", &[("date", &b)]),
                (None, Some(b)) => say("date_start_unknown", &[("date", &b)]),
                (None, None) => None,
            }
        }
        Edtf::Set(_) => None,
    }
}

fn date_in_words(date: &edtf_core::Date, say: &Say<'_>) -> Option<String> {
    let year = date.year.value();
    if year.is_some_and(|y| !(1..=9999).contains(&y)) {
        return None;
    }
    let month = match field(date.month) {
        Some(m @ 1..=12) => Some(m),
        Some(season) => return qualified(season_in_words(season, year?, say)?, date, say),
        None => None,
    };
    let day = field(date.day);
    if year.is_none() && date.year.has_unspecified() && month.is_none() {
        // 201X and the like are clearer as they are written than in words.
        return None;
    }
    let year = year.map(|y| y.to_string());
    let words = match (day, month, &year) {
        (Some(d), Some(m), Some(y)) => {
            let month = day_month(d, m, say)?;
            say("date_day", &[("day", &month), ("year", y)])?
        }
        (None, Some(m), Some(y)) => {
            let month = say(MONTHS[usize::from(m) - 1], &[])?;
            say("date_month", &[("month", &month), ("year", y)])?
        }
        (_, None, Some(y)) => y.clone(),
        (Some(d), Some(m), None) => say("date_no_year", &[("date", &day_month(d, m, say)?)])?,
        (None, Some(m), None) => {
            let month = say(MONTHS[usize::from(m) - 1], &[])?;
            say("date_no_year", &[("date", &month)])?
        }
        _ => return None,
    };
    qualified(words, date, say)
}

/// `21 March`: each month has a text of its own, since in some languages its
/// name changes beside a day.
fn day_month(day: u8, month: u8, say: &Say<'_>) -> Option<String> {
    say(DAYS[usize::from(month) - 1], &[("day", &day.to_string())])
}

/// The numbers above 12 that stand for a part of a year. Which months a season
/// has is for the reader to know: it depends on the hemisphere.
fn season_in_words(season: u8, year: i64, say: &Say<'_>) -> Option<String> {
    let key = match season {
        21 | 25 | 29 => "date_spring",
        22 | 26 | 30 => "date_summer",
        23 | 27 | 31 => "date_autumn",
        24 | 28 | 32 => "date_winter",
        33 => "date_quarter_1",
        34 => "date_quarter_2",
        35 => "date_quarter_3",
        36 => "date_quarter_4",
        _ => return None,
    };
    say(key, &[("year", &year.to_string())])
}

fn qualified(words: String, date: &edtf_core::Date, say: &Say<'_>) -> Option<String> {
    let words = if date.is_approximate() { say("date_about", &[("date", &words)])? } else { words };
    if date.is_uncertain() { say("date_uncertain", &[("date", &words)]) } else { Some(words) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_days_and_says_how_sure_they_are() {
        let check = |text: &str, expected: Option<(Option<Day>, Option<Day>, bool, bool)>| {
            let span = Date::parse(text).unwrap().span();
            let found = span.map(|s| {
                (s.first.map(calendar_day), s.last.map(calendar_day), s.approximate, s.uncertain)
            });
            assert_eq!(found, expected, "{text}");
        };
        let day = |y, m, d| Some((y, m, d));
        check("2025-03-21", Some((day(2025, 3, 21), day(2025, 3, 21), false, false)));
        check("2024-02~", Some((day(2024, 2, 1), day(2024, 2, 29), true, false)));
        check("1969?", Some((day(1969, 1, 1), day(1969, 12, 31), false, true)));
        check("1969%", Some((day(1969, 1, 1), day(1969, 12, 31), true, true)));
        check("2022-09-23/2022-09-27", Some((day(2022, 9, 23), day(2022, 9, 27), false, false)));
        check("2014-03-18/..", Some((day(2014, 3, 18), None, false, false)));
        check("../2014-03", Some((None, day(2014, 3, 31), false, false)));
        check("/2014~", Some((None, day(2014, 12, 31), true, false)));
        check("XXXX-03-13", None);
        check("201X", None);
        check("Y170000", None);
    }

    #[test]
    fn a_plain_day_is_what_the_grammar_has_it_to_be() {
        for year in ["0000", "0001", "0999", "1970", "2024", "9999", "202", "20255", "-001"] {
            for month in (0..=14).chain([21, 33]) {
                for day in 0..=32 {
                    let text = format!("{year}-{month:02}-{day:02}");
                    assert_eq!(Date::parse(&text), Date::of_grammar(&text), "{text}");
                    assert_eq!(Date::check(&text), Date::of_grammar(&text).map(drop), "{text}");
                }
            }
        }
    }

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(day_number((1970, 1, 1)), Some(0));
        assert_eq!(day_number((1969, 12, 31)), Some(-1));
        assert_eq!(day_number((2000, 3, 1)), Some(11_017));
        assert_eq!(day_number((2025, 2, 29)), None);
        for number in [-800_000, -1, 0, 1, 20_000, 2_000_000] {
            assert_eq!(day_number(calendar_day(number)), Some(number));
        }
        assert_eq!(calendar_day(i32::MAX), (9999, 12, 31));
    }

    #[test]
    fn what_is_not_a_date_says_where_it_stops_being_one() {
        assert_eq!(Date::parse("2025-13-01").unwrap_err().1, 5);
        assert!(Date::parse("last July").is_err());
    }

    #[test]
    fn a_date_of_http_is_an_instant() {
        assert_eq!(http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(http_date("120"), None);
        assert_eq!(http_date("soon"), None);
    }

    #[test]
    fn an_instant_needs_an_offset() {
        assert_eq!(instant("1970-01-01T02:00:00+02:00"), Ok(0));
        assert_eq!(instant("1970-01-02"), Ok(86_400));
        assert!(instant("2025-03-21T18:00:00").is_err());
    }
}
