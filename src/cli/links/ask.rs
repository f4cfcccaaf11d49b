//! One request to one address, and what came of it. Nothing is retried here
//! and no redirect followed; when to ask whom is [`visit`](super::visit)'s.

use std::io::ErrorKind;
use std::net::ToSocketAddrs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use onrecord::date::http_date;
use ureq::{Agent, Error, Timeout};
use url::Url;

/// An address as it is asked for: without the part behind `#`, which no server
/// sees, and with a host in its ASCII form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address(Url);

impl Address {
    /// `None` where this is no address of the web.
    pub fn parse(text: &str) -> Option<Self> {
        Self::of(Url::parse(text).ok()?)
    }

    fn of(mut url: Url) -> Option<Self> {
        url.set_fragment(None);
        (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(Self(url))
    }

    /// Where a redirect from here leads; `None` where that is not the web.
    pub fn follow(&self, location: &str) -> Option<Self> {
        Self::of(self.0.join(location).ok()?)
    }

    /// The host, whatever the port: who is asked.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The port, which decides who answers there.
    pub fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or_default()
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Whether there is something.
    Head,
    /// The thing itself; its body is not read.
    Get,
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The server answered.
    Status {
        /// The status code of HTTP.
        code: u16,
        /// The header `Location`.
        location: Option<String>,
        /// The header `Retry-After`, counted from now.
        retry_after: Option<Duration>,
    },
    /// It did not.
    Silence(Fault),
}

/// Why there was no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The name of the host has no address.
    NoSuchHost,
    /// The host cannot be reached, or nothing listens there.
    NoConnection(String),
    /// The name was not resolved, or the connection not made, in time.
    SlowConnection,
    /// The answer did not come in time.
    SlowAnswer,
    /// The connection is not safe: its certificate is not valid, for one.
    NotSafe(String),
    /// What came is no answer of HTTP, or only the beginning of one.
    Garbled(String),
}

impl Fault {
    /// Whether every address at this host and port would come to the same.
    pub fn is_of_the_host(&self) -> bool {
        matches!(self, Self::NoSuchHost | Self::NoConnection(_) | Self::SlowConnection)
    }
}

/// What asks.
pub struct Client(Agent);

impl Client {
    /// One that calls itself `name` and waits for each step of a request so
    /// long: for the host's address, the connection, the answer.
    pub fn new(name: &str, timeout: Duration) -> Self {
        let config = Agent::config_builder()
            .user_agent(name)
            .accept("*/*")
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_resolve(Some(timeout))
            .timeout_connect(Some(timeout))
            .timeout_recv_response(Some(timeout))
            .timeout_global(Some(timeout * 2))
            .max_response_header_size(64 * 1024)
            .build();
        Self(Agent::new_with_config(config))
    }

    pub fn ask(&self, address: &Address, method: Method) -> Reply {
        let answer = match method {
            Method::Head => self.0.head(address.as_str()).call(),
            Method::Get => self.0.get(address.as_str()).call(),
        };
        match answer {
            Ok(answer) => {
                let header = |name| answer.headers().get(name).and_then(|it| it.to_str().ok());
                Reply::Status {
                    code: answer.status().as_u16(),
                    location: header("location").map(str::to_owned),
                    retry_after: header("retry-after").and_then(wait),
                }
            }
            Err(error) => Reply::Silence(fault(error, address)),
        }
    }
}

/// The time in `Retry-After`: seconds, or an instant (RFC 9110, section 10.2.3).
fn wait(text: &str) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = UNIX_EPOCH + Duration::from_secs(u64::try_from(http_date(text)?).ok()?);
    Some(until.duration_since(SystemTime::now()).unwrap_or_default())
}

fn fault(error: Error, address: &Address) -> Fault {
    match error {
        Error::HostNotFound => Fault::NoSuchHost,
        Error::Timeout(Timeout::Resolve | Timeout::Connect) => Fault::SlowConnection,
        Error::Timeout(_) => Fault::SlowAnswer,
        Error::Tls(words) => Fault::NotSafe(words.to_owned()),
        Error::Rustls(error) => Fault::NotSafe(error.to_string()),
        Error::Io(error) => match error.kind() {
            ErrorKind::TimedOut => Fault::SlowConnection,
            // The words in it are those of TLS.
            ErrorKind::InvalidData if address.0.scheme() == "https" => {
                Fault::NotSafe(error.to_string())
            }
            ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::UnexpectedEof => Fault::Garbled("the connection breaks off".to_owned()),
            ErrorKind::ConnectionRefused => Fault::NoConnection("nothing listens there".to_owned()),
            // That a name is not found has no kind of its own.
            _ if (address.host(), address.port()).to_socket_addrs().is_err() => Fault::NoSuchHost,
            _ => Fault::NoConnection(error.to_string()),
        },
        Error::ConnectionFailed => Fault::NoConnection("no connection could be made".to_owned()),
        other => Fault::Garbled(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_asked_for_as_browsers_do() {
        let asked = |text| Address::parse(text).map(|address| address.as_str().to_owned());
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(asked("HTTPS://X.Test/a b#c"), some("https://x.test/a%20b"));
        assert_eq!(asked("http://приклад.test/ї"), some("http://xn--80aikifvh.test/%D1%97"));
        assert_eq!(asked("mailto:a@x.test"), None);
        assert_eq!(asked("https://"), None);
        let here = Address::parse("https://x.test/a/b?c").unwrap();
        let led = |to| here.follow(to).map(|address| address.as_str().to_owned());
        assert_eq!(led("../d"), some("https://x.test/d"));
        assert_eq!(led("//y.test/#e"), some("https://y.test/"));
        assert_eq!(led("file:///etc/passwd"), None);
    }

    #[test]
    fn a_server_says_in_seconds_or_by_a_date_how_long_to_wait() {
        assert_eq!(wait("120"), Some(Duration::from_secs(120)));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::ZERO));
        assert!(wait("Fri, 31 Dec 2100 23:59:59 GMT") > Some(Duration::from_secs(1_000_000_000)));
        assert_eq!(wait("soon"), None);
    }
}
