//! The one "now" of a run; the only place that looks at the clock.

use std::env;
use std::time::SystemTime;

use onrecord::date::instant;

use super::Failure;

/// Set by those who want the same bytes from the same input; see
/// <https://reproducible-builds.org/specs/source-date-epoch/>.
const VARIABLE: &str = "SOURCE_DATE_EPOCH";

/// Seconds since 1970: as it was asked for, else as the environment says, else
/// as the system's clock does.
pub fn now(asked_for: Option<i64>) -> Result<i64, Failure> {
    if let Some(now) = asked_for {
        return Ok(now);
    }
    match env::var_os(VARIABLE).filter(|text| !text.is_empty()) {
        Some(text) => {
            text.to_str().and_then(|text| text.parse().ok()).filter(|now| *now >= 0).ok_or_else(
                || {
                    Failure::new(format!("{VARIABLE} is `{}`", text.display()))
                        .hint("it is a whole number of seconds since 1970; set it so, or unset it")
                },
            )
        }
        None => clock(),
    }
}

fn clock() -> Result<i64, Failure> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.ok().and_then(|since| i64::try_from(since.as_secs()).ok()).ok_or_else(|| {
        Failure::new("the system's clock stands before 1970")
            .hint("set the clock, or say with `--as-of` what day it is")
    })
}

/// Reads the value of `--as-of`.
pub fn as_of(text: &str) -> Result<i64, String> {
    instant(text).map_err(|_| {
        "give a date (`2025-03-21`, from midnight UTC) or an instant with its offset \
         (`2025-03-21T18:00:00+02:00`)"
            .to_owned()
    })
}
