//! `onrecord links` against servers of this machine that answer as those out
//! there do.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// What a server was asked for, and when it began to answer.
#[derive(Debug, Clone)]
struct Asked {
    method: String,
    path: String,
    agent: String,
    from: Instant,
    until: Instant,
}

/// What to answer to the method, the path, and the how manieth request for it.
type Answers = fn(&str, &str, usize) -> String;

struct Server {
    port: u16,
    log: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    fn start(answers: Answers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let log = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&log);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let log = Arc::clone(&shared);
                thread::spawn(move || serve(stream.unwrap(), answers, &log));
            }
        });
        Self { port, log }
    }

    fn at(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn log(&self) -> Vec<Asked> {
        self.log.lock().unwrap().clone()
    }

    /// The methods by which a path was asked for, in their order.
    fn methods(&self, path: &str) -> Vec<String> {
        self.log().into_iter().filter(|a| a.path == path).map(|a| a.method).collect()
    }
}

/// Answers one request and hangs up.
fn serve(mut stream: TcpStream, answers: Answers, log: &Mutex<Vec<Asked>>) {
    let from = Instant::now();
    let mut begin = [0];
    if matches!(stream.peek(&mut begin), Ok(1)) && begin == *b"\x16" {
        // Somebody wants to speak TLS, which no server here does.
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(status("400 Bad Request").as_bytes());
        return;
    }
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let Some(first) = lines.next() else { return };
    let header = lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>();
    let agent = header
        .iter()
        .find_map(|line| line.to_lowercase().strip_prefix("user-agent: ").map(str::to_owned));
    let mut words = first.split(' ');
    let (method, path) = (words.next().unwrap().to_owned(), words.next().unwrap().to_owned());
    let earlier = log.lock().unwrap().iter().filter(|asked| asked.path == path).count();
    let answer = answers(&method, &path, earlier);
    // Noted first, so that nothing that the answer leads to can come before it.
    let asked =
        Asked { method, path, agent: agent.unwrap_or_default(), from, until: Instant::now() };
    log.lock().unwrap().push(asked);
    let _ = stream.write_all(answer.as_bytes());
}

fn status(status: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

fn with(line: &str, header: &str) -> String {
    format!("HTTP/1.1 {line}\r\n{header}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

/// A site with this text in a briefing, and more lines in its front matter.
fn site(fields: &str, text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let briefings = folder.path().join("content/briefings");
    fs::create_dir_all(&briefings).unwrap();
    let config = "title: The desk\nbase_url: https://desk.test/\n";
    fs::write(folder.path().join("site.yaml"), config).unwrap();
    let briefing = format!("---\ntitle: X\ndate: 2025\n{fields}---\n\n{text}\n");
    fs::write(briefings.join("x.md"), briefing).unwrap();
    folder
}

struct Run {
    code: i32,
    out: String,
    err: String,
}

fn links(site: &tempfile::TempDir, arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
    command.arg("links").arg(site.path());
    command.args(["--timeout=1.5", "--quiet"]);
    if !arguments.iter().any(|argument| argument.starts_with("--delay")) {
        command.arg("--delay=0.02");
    }
    for proxy in ["http_proxy", "https_proxy", "all_proxy"] {
        command.env_remove(proxy).env_remove(proxy.to_uppercase());
    }
    let output = command.args(arguments).stdin(Stdio::null()).output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The lines of `--format json`, by the end of the address.
fn told(run: &Run) -> BTreeMap<String, Value> {
    let line = |line: &str| {
        let value: Value = serde_json::from_str(line).unwrap();
        let url = value["url"].as_str().unwrap().to_owned();
        let path = url.splitn(4, '/').nth(3).unwrap_or_default().to_owned();
        (if path.is_empty() { url } else { path }, value)
    };
    run.out.lines().map(line).collect()
}

#[test]
fn each_kind_of_answer_has_its_verdict() {
    let server = Server::start(|method, path, earlier| match path {
        "/fine" => status("200 OK"),
        "/gone" => status("404 Not Found"),
        "/removed" => status("410 Gone"),
        "/moved" => with("301 Moved Permanently", "Location: /moved-on"),
        "/moved-on" => with("308 Permanent Redirect", "Location: /fine?new"),
        "/moved-away" => with("301 Moved Permanently", "Location: /gone"),
        "/elsewhere" => with("302 Found", "Location: /fine"),
        "/in-part" => with("301 Moved Permanently", "Location: /elsewhere"),
        "/circle" => with("302 Found", "Location: /circle"),
        "/astray" => with("302 Found", "Location: mailto:a@b.test"),
        "/no-head" if method == "HEAD" => status("405 Method Not Allowed"),
        "/no-head-at-all" if method == "HEAD" => String::new(),
        "/wrong-head" if method == "HEAD" => status("404 Not Found"),
        "/forbidden" => status("403 Forbidden"),
        "/broken" => status("503 Service Unavailable"),
        "/flaky" if earlier < 3 => status("500 Internal Server Error"),
        "/slow" => {
            thread::sleep(Duration::from_secs(4));
            status("200 OK")
        }
        "/noise" => "what do you want\r\n\r\n".to_owned(),
        // A body without an end is not waited for.
        "/endless" if method == "GET" => {
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nand so on".to_owned()
        }
        "/endless" => status("501 Not Implemented"),
        _ => status("200 OK"),
    });
    let paths = [
        ("/fine", "fine", 200, None),
        ("/gone", "rotted", 404, None),
        ("/removed", "rotted", 410, None),
        ("/moved", "moved", 200, Some("/fine?new")),
        ("/moved-away", "rotted", 404, Some("/gone")),
        ("/elsewhere", "fine", 200, None),
        ("/in-part", "moved", 200, Some("/elsewhere")),
        ("/circle", "rotted", 0, None),
        ("/astray", "unsure", 0, None),
        ("/no-head", "fine", 200, None),
        ("/no-head-at-all", "fine", 200, None),
        ("/wrong-head", "fine", 200, None),
        ("/forbidden", "unsure", 403, None),
        ("/broken", "unsure", 503, None),
        ("/flaky", "fine", 200, None),
        ("/slow", "rotted", 0, None),
        ("/noise", "unsure", 0, None),
        ("/endless", "fine", 200, None),
    ];
    let text: String =
        paths.iter().map(|(path, ..)| format!("[a]({}#b) ", server.at(path))).collect();
    let run = links(&site("", &text), &["--format=json"]);
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    let told = told(&run);
    assert_eq!(told.len(), paths.len(), "{}", run.out);
    for (path, verdict, code, moved_to) in paths {
        let line = &told[&path[1..]];
        assert_eq!(line["verdict"], verdict, "{line}");
        assert_eq!(line["status"].as_u64().unwrap_or_default(), code, "{line}");
        assert_eq!(
            line["moved_to"].as_str().map(str::to_owned),
            moved_to.map(|p| server.at(p)),
            "{line}"
        );
    }
    assert_eq!(server.methods("/gone"), ["HEAD", "GET", "HEAD", "GET"], "once for /moved-away");
    assert_eq!(server.methods("/no-head"), ["HEAD", "GET"]);
    assert_eq!(server.methods("/flaky"), ["HEAD", "GET", "GET", "GET"]);
    assert_eq!(server.methods("/broken").len(), 4, "by HEAD once and three times by GET");
    let agent = format!("onrecord-links/{} (+https://desk.test/)", env!("CARGO_PKG_VERSION"));
    assert!(server.log().iter().all(|asked| asked.agent == agent), "{:?}", server.log());
}

#[test]
fn what_nobody_answers_for_has_rotted() {
    let server = Server::start(|_, _, _| status("200 OK"));
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    // A part of a name has 63 letters at the most, so nobody is asked for it.
    let unknown = format!("http://{}.test/", "x".repeat(64));
    let text = format!(
        "<{}> <http://127.0.0.1:{closed}/closed> <http://127.0.0.1:{closed}/also> <{unknown}> <https://127.0.0.1:{}/unsafe>",
        server.at("/fine"),
        server.port
    );
    let run = links(&site("", &text), &["--format=json"]);
    assert_eq!(run.code, 1, "{}", run.err);
    let told = told(&run);
    let reason = |path: &str| told[path]["reason"].as_str().unwrap().to_owned();
    assert_eq!(told["fine"]["verdict"], "fine");
    for path in ["closed", "also", "unsafe", &unknown] {
        assert_eq!(told[path]["verdict"], "rotted", "{}", told[path]);
        assert_eq!(told[path]["status"], Value::Null);
    }
    assert_eq!(
        (reason("closed"), reason("also")),
        ("nothing listens there".into(), "nothing listens there".into())
    );
    assert_eq!(reason(&unknown), "no such host is known");
    assert!(reason("unsafe").starts_with("the connection is not safe: "), "{}", reason("unsafe"));
}

#[test]
fn a_host_is_never_asked_for_two_things_at_a_time_and_rests_in_between() {
    let server = Server::start(|_, _, _| {
        thread::sleep(Duration::from_millis(15));
        status("200 OK")
    });
    let text: String = (0..30).map(|n| format!("<{}> ", server.at(&format!("/{n}")))).collect();
    let run = links(&site("", &text), &["--at-once=16", "--delay=0.03"]);
    assert_eq!((run.code, &*run.out), (0, ""), "{}", run.err);
    let mut log = server.log();
    assert_eq!(log.len(), 30);
    log.sort_by_key(|asked| asked.from);
    for (one, next) in log.iter().zip(&log[1..]) {
        let pause = next.from.checked_duration_since(one.until);
        assert!(pause.is_some_and(|p| p >= Duration::from_millis(25)), "{one:?} {next:?}");
    }
}

#[test]
fn several_hosts_are_asked_at_the_same_time() {
    let slow: Answers = |_, _, _| {
        thread::sleep(Duration::from_secs(1));
        status("200 OK")
    };
    let (one, other) = (Server::start(slow), Server::start(slow));
    let text = format!("<{}> <http://localhost:{}/>", one.at("/"), other.port);
    let run = links(&site("", &text), &[]);
    assert_eq!((run.code, &*run.out), (0, ""), "{}", run.err);
    let (one, other) = (one.log(), other.log());
    assert!(one[0].from < other[0].until && other[0].from < one[0].until, "{one:?} {other:?}");
}

#[test]
fn a_server_that_asks_for_time_gets_it() {
    let server = Server::start(|_, path, earlier| match (path, earlier) {
        ("/busy", 0) => with("429 Too Many Requests", "Retry-After: 1"),
        _ => status("200 OK"),
    });
    let text = format!("<{}> <{}>", server.at("/busy"), server.at("/other"));
    let run = links(&site("", &text), &["--format=json"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    let log = server.log();
    assert_eq!(log.len(), 3);
    let pause = log[1].from.duration_since(log[0].until);
    assert!(pause >= Duration::from_millis(990), "nothing is asked of it meanwhile: {log:?}");
}

#[test]
fn a_server_that_asks_for_a_day_is_left_alone() {
    let server = Server::start(|_, _, _| with("429 Too Many Requests", "Retry-After: 86400"));
    let text: String = (0..5).map(|n| format!("<{}> ", server.at(&format!("/{n}")))).collect();
    let run = links(&site("", &text), &["--format=json"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert_eq!(server.log().len(), 1);
    for line in told(&run).values() {
        assert_eq!(line["verdict"], "unsure");
        assert_eq!(line["reason"], "the server asks to be left alone for 86400 s");
    }
}

#[test]
fn a_source_that_rotted_is_told_with_its_place_and_its_archived_copy() {
    let server = Server::start(|_, path, _| match path {
        "/kept/a" | "/new" => status("200 OK"),
        "/old" => with("301 Moved Permanently", "Location: /new"),
        _ => status("404 Not Found"),
    });
    let fields = format!(
        "sources:\n  - {{title: A, url: '{a}', archived_url: '{kept_a}'}}\n  - title: B\n    url: {b}\n    archived_url: {kept_b}\n  - title: C\n    url: {c}\n",
        a = server.at("/a"),
        b = server.at("/b"),
        c = server.at("/c"),
        kept_a = server.at("/kept/a"),
        kept_b = server.at("/kept/b"),
    );
    let site = site(
        &fields,
        &format!("[old]({}) and [again]({})", server.at("/old"), server.at("/old#x")),
    );
    let before = fs::read(site.path().join("content/briefings/x.md")).unwrap();
    let run = links(&site, &["--format=short"]);
    assert_eq!(run.code, 1, "{}", run.err);
    let out = run.out.replace(&server.at(""), "");
    assert_eq!(
        out.lines().collect::<Vec<_>>(),
        [
            "content/briefings/x.md:5:21: error: `/a` is gone: the server answers 404 (hint: its archived copy answers: `/kept/a`)",
            "content/briefings/x.md:7:10: error: `/b` is gone: the server answers 404 (hint: its archived copy, `/kept/b`, cannot be relied on either: the server answers 404)",
            "content/briefings/x.md:8:19: error: `/kept/b` is gone: the server answers 404",
            "content/briefings/x.md:10:10: error: `/c` is gone: the server answers 404 (hint: no archived copy is on record; if there is one, give it as `archived_url`)",
            "content/briefings/x.md:13:7: warning: `/old` was moved for good (hint: it is `/new` now)",
        ]
    );
    let run = links(&site, &["--format=json"]);
    let told = told(&run);
    assert_eq!(told["a"]["archived"]["verdict"], "fine");
    assert_eq!(told["b"]["archived"]["verdict"], "rotted");
    assert_eq!(told["a"]["places"][0]["field"], "url");
    assert_eq!(told["old"]["places"].as_array().unwrap().len(), 2);
    assert_eq!(fs::read(site.path().join("content/briefings/x.md")).unwrap(), before);
    assert_eq!(fs::read_dir(site.path()).unwrap().count(), 2, "nothing is written");
}

#[test]
fn what_is_not_published_is_not_asked_for() {
    let server = Server::start(|_, _, _| status("404 Not Found"));
    let site = site("draft: true\n", &format!("<{}>", server.at("/secret")));
    let run = links(&site, &[]);
    assert_eq!((run.code, server.log().len()), (0, 0), "{}", run.out);
    let run = links(&site, &["--drafts"]);
    assert_eq!((run.code, server.log().len()), (1, 2), "{}", run.out);
}

#[test]
fn with_warnings_as_errors_what_was_moved_fails_too() {
    let server = Server::start(|_, path, _| match path {
        "/old" => with("308 Permanent Redirect", "Location: /new"),
        _ => status("200 OK"),
    });
    let site = site("", &format!("<{}>", server.at("/old")));
    assert_eq!(links(&site, &[]).code, 0);
    let run = links(&site, &["--strict", "--format=github"]);
    assert_eq!(run.code, 1);
    assert!(run.out.starts_with("::error file=content/briefings/x.md,line=6,"), "{}", run.out);
}

#[test]
fn a_machine_without_a_network_says_nothing_of_the_addresses() {
    let name = |letter: &str| format!("<https://{}.test/>", letter.repeat(64));
    let run = links(&site("", &format!("{} {}", name("x"), name("y"))), &[]);
    assert_eq!((run.code, &*run.out), (2, ""));
    assert!(run.err.contains("none of 2 hosts is known"), "{}", run.err);
}
