//! Only this machine gets in, and only to the site.
//!
//! A page on the web can make a browser ask a server on the reader's own
//! machine. It cannot choose the `Host` that the browser names, nor hide where
//! it comes from, so these are looked at.

use std::net::IpAddr;

use axum::http::StatusCode;
use axum::http::header::{HOST, HeaderMap, HeaderName, ORIGIN, REFERER};
use axum::http::request::Parts;

use super::only_reads;

/// Set by browsers, and by nobody else.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Under which names the server may be asked.
#[derive(Debug, Clone, Copy)]
pub struct Hosts {
    /// The address that it is bound to.
    bound_to: IpAddr,
}

/// Why a request is refused.
pub type Refusal = (StatusCode, &'static str);

impl Hosts {
    pub fn of(bound_to: IpAddr) -> Self {
        Self { bound_to }
    }

    /// Whether a request to this `Host` is meant for us. Ports are forwarded, so
    /// that any will do. A name other than `localhost` could be anybody's, who
    /// could have it lead here; an address is nobody's but ours.
    fn know(self, host: &str) -> bool {
        let name = match host.strip_prefix('[') {
            Some(rest) => match rest.split_once(']') {
                Some((address, port)) if port.is_empty() || is_port(port) => address,
                _ => return false,
            },
            None => match host.split_once(':') {
                Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
                Some(_) => return false,
                None => host,
            },
        };
        if name.eq_ignore_ascii_case("localhost") {
            return true;
        }
        let Ok(address) = name.parse::<IpAddr>() else { return false };
        address.is_loopback() || self.bound_to.is_unspecified() || address == self.bound_to
    }
}

fn is_port(text: &str) -> bool {
    text.strip_prefix(':').is_some_and(|port| port.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a request is one to answer.
pub fn check(request: &Parts, hosts: &Hosts) -> Result<(), Refusal> {
    let mut named = request.headers.get_all(HOST).iter();
    let host = named.next().and_then(|host| host.to_str().ok());
    let in_address = request.uri.authority().map(axum::http::uri::Authority::as_str);
    let is_known = host.is_some_and(|host| hosts.know(host))
        && named.next().is_none()
        && in_address.is_none_or(|host| hosts.know(host));
    if !is_known {
        return Err((StatusCode::FORBIDDEN, "this preview is for the machine that it runs on"));
    }
    if !only_reads(&request.method) {
        return Err((StatusCode::METHOD_NOT_ALLOWED, "there is nothing here to be changed"));
    }
    Ok(())
}

/// Whether a page of ours asks, as far as the browser says. With a `GET` to the
/// same origin browsers send no `Origin`; what they send instead is looked at
/// then, and who sends nothing is no browser showing a page of ours.
pub fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    let Some(host) = text(HOST) else { return false };
    let own = format!("http://{host}");
    match (text(ORIGIN), text(SEC_FETCH_SITE), text(REFERER)) {
        (Some(origin), ..) => origin.eq_ignore_ascii_case(&own),
        (None, Some(site), _) => site == "same-origin",
        (None, None, Some(referer)) => referer.get(..own.len()).is_some_and(|start| {
            start.eq_ignore_ascii_case(&own) && referer[own.len()..].starts_with('/')
        }),
        (None, None, None) => false,
    }
}

/// A path, percent-decoded once. `None` if nothing can have it: it is not UTF-8,
/// or holds a step upwards, a backslash or a control character.
pub fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || rest.next().and_then(|b| char::from(b).to_digit(16));
            let (high, low) = (digit()?, digit()?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    let path = String::from_utf8(bytes).ok()?;
    let leads_out = path.split('/').any(|step| step == ".." || step == ".");
    let is_odd = path.contains(|c: char| c.is_control() || c == '\\');
    (!leads_out && !is_odd && !path.starts_with('/')).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known_by_its_names() {
        let here = Hosts::of("127.0.0.1".parse().unwrap());
        for host in
            ["localhost", "LOCALHOST:4000", "127.0.0.1:8080", "127.1.2.3", "[::1]:4000", "[::1]"]
        {
            assert!(here.know(host), "{host}");
        }
        for host in [
            "example.org",
            "localhost.example.org",
            "evil-localhost",
            "127.0.0.1.nip.io",
            "192.168.1.5",
            "",
            "localhost:x",
            "[::1",
            "[::1]x",
            "[::1]:x",
            "user@localhost",
            "localhost:80:80",
            "127.0.0.1@evil.example",
        ] {
            assert!(!here.know(host), "{host}");
        }
        let everywhere = Hosts::of("0.0.0.0".parse().unwrap());
        assert!(everywhere.know("192.168.1.5:4000") && !everywhere.know("example.org"));
        let one = Hosts::of("192.168.1.5".parse().unwrap());
        assert!(one.know("192.168.1.5:4000") && !one.know("192.168.1.6:4000"));
    }

    #[test]
    fn a_path_is_decoded_once_and_leads_nowhere_else() {
        assert_eq!(decoded("a/%D1%94%20b.html").as_deref(), Some("a/є b.html"));
        // A second decoding would make a step upwards of it.
        assert_eq!(decoded("%252e%252e/x").as_deref(), Some("%2e%2e/x"));
        for path in [
            "../x",
            "a/../../x",
            "%2e%2e/x",
            "..%2fx",
            "%2e%2e%2fx",
            "a%5c..%5cx",
            "a\\x",
            "x%00",
            "%ff",
            "%",
            "%4",
            "%zz",
            "/etc/passwd",
            "%2fetc/passwd",
            "./x",
        ] {
            assert_eq!(decoded(path), None, "{path}");
        }
    }

    #[test]
    fn who_listens_must_say_that_it_is_from_here() {
        let from = |headers: &[(HeaderName, &str)]| {
            let mut map = HeaderMap::new();
            map.insert(HOST, "localhost:4000".parse().unwrap());
            for (name, value) in headers {
                map.insert(name, value.parse().unwrap());
            }
            is_from_here(&map)
        };
        assert!(from(&[(ORIGIN, "http://localhost:4000")]));
        assert!(from(&[(SEC_FETCH_SITE, "same-origin")]));
        assert!(from(&[(REFERER, "http://localhost:4000/claims/")]));
        assert!(!from(&[]));
        assert!(!from(&[(ORIGIN, "http://localhost:4001")]));
        assert!(!from(&[(ORIGIN, "null"), (SEC_FETCH_SITE, "same-origin")]));
        assert!(!from(&[(ORIGIN, "http://evil.example"), (REFERER, "http://localhost:4000/")]));
        assert!(!from(&[(SEC_FETCH_SITE, "cross-site"), (REFERER, "http://localhost:4000/")]));
        assert!(!from(&[(SEC_FETCH_SITE, "same-site")]));
        assert!(!from(&[(REFERER, "http://localhost:4000.evil.example/")]));
    }
}
