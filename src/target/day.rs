//! Days of the calendar, to tell how far off one is.

use std::error::Error;
use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

/// A day, in days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(i64);

impl Day {
    /// The day on which the program runs, in UTC. `SOURCE_DATE_EPOCH` replaces the clock, as for other tools whose
    /// output must be reproducible.
    #[must_use]
    pub fn today() -> Day {
        let set = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse().ok());
        let clock = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        Day(i64::try_from(set.unwrap_or_else(clock) / 86_400).unwrap_or(i64::MAX))
    }

    /// How many days it is from here to there.
    #[must_use]
    pub fn until(self, there: Day) -> i64 {
        there.0 - self.0
    }
}

/// As `2027-01-06`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Years from March on, so that the leap day is the last; in eras of 400 years, from 0000-03-01.
        let days = self.0 + 719_468;
        let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// What is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoDay;

impl fmt::Display for NoDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a day such as 2027-01-06")
    }
}

impl Error for NoDay {}

impl FromStr for Day {
    type Err = NoDay;

    fn from_str(text: &str) -> Result<Day, NoDay> {
        let mut parts = text.split('-').map(|part| {
            let digits = part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse::<i64>().ok().filter(|_| digits).map(|n| (n, part.len()))
        });
        let (Some(Some((year, 4))), Some(Some((month, 2))), Some(Some((day, 2))), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NoDay);
        };
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let lengths = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let before = usize::try_from(month - 1).map_err(|_| NoDay)?;
        let length = *lengths.get(before).ok_or(NoDay)?;
        if !(1..=length).contains(&day) || year == 0 {
            return Err(NoDay);
        }
        // Leap days before this year, and of 1970.
        let leaps = |year: i64| year / 4 - year / 100 + year / 400;
        let days = (year - 1970) * 365 + leaps(year - 1) - leaps(1969);
        Ok(Day(days + lengths[..before].iter().sum::<i64>() + day - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_they_are_read() {
        for day in ["1970-01-01", "2000-02-28", "2000-02-29", "2000-03-01", "2024-12-31", "2027-01-06", "2100-03-01"] {
            assert_eq!(day.parse::<Day>().unwrap().to_string(), day);
        }
        let days: Vec<Day> = (-800_000..800_000).step_by(377).map(Day).collect();
        for day in days.into_iter().filter(|day| day.0 > -719_000) {
            assert_eq!(day.to_string().parse(), Ok(day), "{day}");
        }
    }

    #[test]
    fn days_are_counted_from_1970() {
        for (text, days) in [
            ("1970-01-01", 0),
            ("1969-12-31", -1),
            ("1972-02-29", 789),
            ("1972-03-01", 790),
            ("2000-03-01", 11_017),
            ("2027-01-06", 20_824),
            ("2100-03-01", 47_541),
        ] {
            assert_eq!(text.parse(), Ok(Day(days)), "{text}");
        }
        let day = |text: &str| text.parse::<Day>().unwrap();
        assert_eq!(day("2026-11-25").until(day("2027-01-06")), 42);
        assert_eq!(day("2027-01-07").until(day("2027-01-06")), -1);
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in [
            "",
            "2027",
            "2027-1-6",
            "2027-02-29",
            "2027-13-01",
            "2027-00-01",
            "2027-01-00",
            "2027-01-32",
            "+027-01-06",
            "2027-01-06-01",
            "0000-01-01",
        ] {
            assert_eq!(text.parse::<Day>(), Err(NoDay), "{text}");
        }
    }
}
