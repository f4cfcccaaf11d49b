//! Output: what was asked for goes to stdout, all else to stderr.

use std::env;
use std::io::{self, ErrorKind, IsTerminal, Write};

/// Writes to stdout what a command was asked for. That the reader has gone
/// (`onrecord check | head`) is no failure.
pub fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(io::Error::new(error.kind(), format!("stdout: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes to stderr. If that fails, there is nobody left to tell.
pub fn say(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Whether what is written to `stream` may be coloured, see
/// <https://no-color.org>.
pub fn has_colour(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
