//! What the preview answers, and to whom.

#![cfg(unix)]

mod collected;
mod preview;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use collected::collected;
use onrecord::build::{Builder, Settings};
use onrecord::deploy::manifest::MANIFEST;
use onrecord::read::disk;
use preview::{Channel, Preview, until};
use serde_json::Value;
use tempfile::TempDir;

/// A copy of the demo record.
fn demo() -> TempDir {
    let place = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::copy(root.join("site.yaml"), place.path().join("site.yaml")).unwrap();
    copy(&root.join("content"), &place.path().join("content"));
    place
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// A site of one page, with a file beside it.
fn small() -> TempDir {
    let place = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("site.yaml", "title: Small\n"),
        ("content/briefings/a.md", "---\ntitle: A\ndate: 2025\n---\nThe words.\n"),
        ("static/notes/x.txt", "a note"),
        ("static/data.json", "{}"),
    ] {
        let path = place.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    place
}

fn built(root: &Path, base_url: Option<&str>) -> BTreeMap<String, Vec<u8>> {
    let base_url = base_url.map(str::to_owned);
    let settings = Settings { now: 1_748_736_000, drafts: false, base_url, strict: false };
    let snapshot = disk::read(root).unwrap().value;
    let pass = Builder::new(settings).pass(&snapshot).value.expect("the site has no errors");
    collected(|sink| pass.emit(sink, &|| ())).0
}

fn encoded(path: &str) -> String {
    onrecord::plan::route::encoded(path)
}

#[test]
fn a_served_page_is_the_built_one_and_one_line() {
    let place = demo();
    for base in ["/", "/a/b/"] {
        let url = format!("https://desk.example{base}");
        let preview = Preview::start(place.path(), &["--base-url", &url]);
        assert!(preview.running.first_line.contains(&format!(":{}{base} ", preview.port)));
        let files = built(place.path(), Some(&url));
        assert!(files.len() > 40);
        for (file, bytes) in &files {
            let answer = preview.get(&format!("{base}{}", encoded(file)));
            if file == MANIFEST {
                // It is for what is published, and needs every page.
                assert_eq!(answer.status, 404);
                continue;
            }
            assert_eq!(answer.status, 200, "{file}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{file}");
            assert_eq!(answer.header("cache-control"), "no-store", "{file}");
            assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{file}");
            assert_eq!(answer.header("access-control-allow-origin"), "", "{file}");
            let kind = answer.header("content-type");
            let served = if file.ends_with(".html") {
                assert_eq!(kind, "text/html; charset=utf-8");
                assert!(answer.text().contains(&format!("src=\"{base}~onrecord/live.js\"")));
                answer.without_snippet()
            } else {
                assert!(!kind.is_empty() && !kind.starts_with("text/html"), "{file}: {kind}");
                answer.body
            };
            assert_eq!(
                String::from_utf8_lossy(&served),
                String::from_utf8_lossy(bytes),
                "{base}{file}"
            );
        }
        let script = preview.get(&format!("{base}~onrecord/live.js"));
        assert_eq!(
            (script.status, script.header("content-type").as_str()),
            (200, "text/javascript; charset=utf-8")
        );
    }
    assert!(!place.path().join("public").exists(), "the output folder is not touched");
}

#[test]
fn addresses_are_those_of_a_static_host() {
    let place = small();
    let preview = Preview::start(place.path(), &["--base-url", "https://desk.example/sub"]);
    for (path, status, to) in [
        ("/", 307, "/sub/"),
        ("/sub", 307, "/sub/"),
        ("/sub/", 200, ""),
        ("/sub/briefings", 308, "/sub/briefings/"),
        ("/sub/briefings?a=b", 308, "/sub/briefings/?a=b"),
        ("/sub/briefings/a", 308, "/sub/briefings/a.html"),
        ("/sub/briefings/a.html", 200, ""),
        ("/sub/briefings/a.html/", 404, ""),
        ("/sub/notes/x.txt", 200, ""),
        ("/sub/notes/", 404, ""),
        ("/briefings/a.html", 404, ""),
        ("/sub/nothing/here.html", 404, ""),
    ] {
        let answer = preview.get(path);
        assert_eq!((answer.status, answer.header("location").as_str()), (status, to), "{path}");
        if status == 404 {
            assert!(answer.text().contains("~onrecord/live.js"), "{path}: the site's own page");
        }
    }
    let head = format!("Host: localhost:{}", preview.port);
    let answer = preview.send(&["HEAD /sub/briefings/a.html HTTP/1.1", &head]);
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    assert_ne!(answer.header("content-length"), "0");
}

#[test]
fn a_path_is_the_same_however_it_is_written() {
    let place = small();
    let preview = Preview::start(place.path(), &["--base-url", "https://desk.example/запис+1"]);
    for base in ["/%D0%B7%D0%B0%D0%BF%D0%B8%D1%81+1/", "/%d0%b7%D0%B0%D0%BF%D0%B8%D1%81%2B1/"] {
        let answer = preview.get(&format!("{base}briefings/a.html"));
        assert_eq!(answer.status, 200, "{base}");
        assert!(answer.text().contains("src=\"/%D0%B7%D0%B0%D0%BF%D0%B8%D1%81%2B1/~onrecord/"));
    }
    assert_eq!(preview.get("/").header("location"), "/%D0%B7%D0%B0%D0%BF%D0%B8%D1%81%2B1/");
}

#[test]
fn a_page_is_told_of_what_comes_to_be_at_its_address() {
    let place = small();
    let preview = Preview::start(place.path(), &[]);
    let mut channels = ["new.html", "new", "new.txt"].map(|path| preview.listen("/", path));
    let before = channels.each_mut().map(Channel::next);
    fs::create_dir_all(place.path().join("content/pages")).unwrap();
    fs::write(place.path().join("content/pages/new.md"), "---\ntitle: New\n---\n").unwrap();
    fs::write(place.path().join("static/new.txt"), "new").unwrap();
    for (channel, before) in channels.iter_mut().zip(before) {
        until("it is told", || {
            let state = channel.next();
            if state["seen"] == before["seen"] { Err(state.to_string()) } else { Ok(()) }
        });
    }
}

#[test]
fn nobody_is_answered_who_calls_it_by_another_name() {
    let place = small();
    let preview = Preview::start(place.path(), &[]);
    let asks = |lines: &[&str]| preview.send(lines).status;
    for host in ["localhost", "LOCALHOST:4000", "127.0.0.1", "127.0.0.2:9", "[::1]:4000"] {
        assert_eq!(asks(&["GET / HTTP/1.1", &format!("Host: {host}")]), 200, "{host}");
    }
    for host in [
        "example.org",
        "localhost.example.org",
        "127.0.0.1.nip.io",
        "192.168.1.5",
        "0.0.0.0",
        "",
        "localhost@example.org",
    ] {
        assert_eq!(asks(&["GET / HTTP/1.1", &format!("Host: {host}")]), 403, "{host}");
        let forwarded = [
            "GET / HTTP/1.1",
            &format!("Host: {host}"),
            "X-Forwarded-Host: localhost",
            "Forwarded: host=localhost",
        ];
        assert_eq!(asks(&forwarded), 403, "{host}");
    }
    let in_address = ["GET http://example.org/ HTTP/1.1", "Host: localhost"];
    assert!([400, 403].contains(&asks(&in_address)));
    assert!([400, 403].contains(&asks(&["GET / HTTP/1.1"])), "no host at all");
    assert!([400, 403].contains(&asks(&[
        "GET / HTTP/1.1",
        "Host: localhost",
        "Host: example.org"
    ])));
}

#[test]
fn nothing_can_be_changed_through_it() {
    let place = small();
    let preview = Preview::start(place.path(), &[]);
    let host = "Host: localhost";
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"] {
        let answer = preview.send(&[&format!("{method} / HTTP/1.1"), host, "Content-Length: 0"]);
        assert_eq!(
            (answer.status, answer.header("allow").as_str()),
            (405, "GET, HEAD"),
            "{method}"
        );
        assert_eq!(answer.header("access-control-allow-origin"), "");
    }
}

#[test]
fn only_its_own_pages_may_listen() {
    let place = small();
    let preview = Preview::start(place.path(), &[]);
    let own = format!("127.0.0.1:{}", preview.port);
    let refused = |more: &[&str]| {
        let host = format!("Host: {own}");
        let mut lines = vec!["GET /~onrecord/events?page=index.html HTTP/1.1", &host];
        lines.extend(more);
        let answer = preview.send(&lines);
        assert_eq!(answer.status, 403, "{more:?}");
    };
    refused(&[]);
    refused(&["Origin: https://example.org"]);
    refused(&["Origin: null"]);
    refused(&["Origin: http://127.0.0.1:1"]);
    refused(&["Origin: http://localhost.example.org"]);
    refused(&["Sec-Fetch-Site: cross-site"]);
    refused(&["Sec-Fetch-Site: same-site"]);
    refused(&["Referer: https://example.org/"]);
    refused(&[&format!("Referer: http://{own}.example.org/")]);
    refused(&["Origin: https://example.org", &format!("Referer: http://{own}/")]);
    refused(&["Origin: https://example.org", &format!("X-Forwarded-Host: {own}")]);
    let state = preview.state("index.html");
    assert_eq!(state["problems"], Value::Null);
    assert!(!state["styles"].as_array().unwrap().is_empty());
}

#[test]
fn no_path_leads_out_of_the_site() {
    let place = small();
    fs::write(place.path().join("secret.txt"), "SECRET").unwrap();
    fs::write(place.path().join("static/notes/.hidden"), "SECRET").unwrap();
    let preview = Preview::start(place.path(), &[]);
    assert_eq!(preview.get("/notes/x.txt").text(), "a note");
    // What is decoded twice is another path than the one that was looked at.
    assert_eq!(preview.get("/notes/%78.txt").text(), "a note");
    assert_eq!(preview.get("/notes/%2578.txt").status, 404);
    let up = [
        "../",
        "%2e%2e/",
        "..%2f",
        "%2e%2e%2f",
        "%252e%252e%252f",
        "..%5c",
        "..\\",
        ".%2e/",
        "%c0%ae%c0%ae/",
        "..;/",
    ];
    let mut paths: Vec<String> = up
        .iter()
        .flat_map(|up| {
            [
                format!("/{up}secret.txt"),
                format!("/notes/{up}{up}secret.txt"),
                format!("/{}etc/passwd", up.repeat(12)),
                format!("/~onrecord/{up}secret.txt"),
            ]
        })
        .collect();
    paths.extend(
        [
            "//etc/passwd",
            "/%2fetc/passwd",
            "/etc/passwd",
            "/secret.txt",
            "/site.yaml",
            "/static/notes/x.txt",
            "/notes/.hidden",
            "/notes/x.txt%00.html",
            "/notes/x.txt%0a",
            "/content/briefings/a.md",
            "/.git/config",
            "/%",
            "/%zz",
            "/%ff",
        ]
        .map(str::to_owned),
    );
    for path in paths {
        let answer = preview.get(&path);
        assert!([400, 404].contains(&answer.status), "{path}: {}", answer.status);
        let text = answer.text();
        assert!(!text.contains("SECRET") && !text.contains("root:"), "{path}");
    }
}

#[test]
fn a_link_that_leads_out_is_not_followed() {
    let place = small();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.txt"), "SECRET").unwrap();
    let preview = Preview::start(place.path(), &[]);
    let note = place.path().join("static/notes/x.txt");
    assert_eq!(preview.get("/notes/x.txt").text(), "a note");
    // At once, and after the change has been seen.
    fs::remove_file(&note).unwrap();
    symlink(outside.path().join("secret.txt"), &note).unwrap();
    for _ in 0..50 {
        assert!(!preview.get("/notes/x.txt").text().contains("SECRET"));
    }
    until("it is reported", || {
        let state = preview.state("index.html").to_string();
        if state.contains("leads out of the site's folder") { Ok(()) } else { Err(state) }
    });
    assert!(!preview.get("/notes/x.txt").text().contains("SECRET"));
    fs::remove_file(&note).unwrap();
    symlink(outside.path(), place.path().join("static/out")).unwrap();
    until("it is reported", || {
        let state = preview.state("index.html").to_string();
        if state.contains("static/out") { Ok(()) } else { Err(state) }
    });
    assert_eq!(preview.get("/out/secret.txt").status, 404);
}

#[test]
fn the_first_free_port_is_taken() {
    let place = small();
    let one = Preview::start(place.path(), &[]);
    let other = Preview::start(place.path(), &[]);
    assert!(one.port >= 4000 && other.port >= 4000 && other.port != one.port);
    let said = Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .args(["serve", "--port", &one.port.to_string()])
        .current_dir(place.path())
        .output()
        .unwrap();
    assert_eq!(said.status.code(), Some(2));
    assert!(String::from_utf8(said.stderr).unwrap().contains("is taken"));
}

#[test]
fn a_site_that_cannot_be_shown_says_why_and_comes_up_when_it_is_mended() {
    let place = small();
    let briefing = place.path().join("content/briefings/a.md");
    fs::write(&briefing, "---\ntitle: A\ndate: 2025\nspeakrs: [<script>alert(1)</script>]\n---\n")
        .unwrap();
    let preview = Preview::start(place.path(), &[]);
    let answer = preview.get("/briefings/a.html");
    assert_eq!(answer.status, 503);
    let text = answer.text();
    assert!(text.contains("did you mean `speakers`?"), "{text}");
    assert!(text.contains("&lt;script&gt;alert") && !text.contains("<script>alert"), "{text}");
    assert!(preview.running.err().contains("there is nothing to show yet"));
    let mut channel = preview.listen("/", "briefings/a.html");
    let is_report = |state: &Value| state["seen"].as_str().unwrap().starts_with("none");
    let first = channel.next();
    assert!(is_report(&first) && text.contains(first["seen"].as_str().unwrap()));
    // Another report is another page, so that nobody mends what is mended.
    fs::write(&briefing, "---\ntitle: A\ndate: 2025\ntopcs: [x]\n---\n").unwrap();
    let second = channel.next();
    assert!(is_report(&second) && first["seen"] != second["seen"]);
    fs::write(&briefing, "---\ntitle: A\ndate: 2025\n---\nMended.\n").unwrap();
    let state = channel.next();
    assert!(!is_report(&state));
    assert_eq!(state["problems"], Value::Null);
    let answer = preview.get("/briefings/a.html");
    assert!(answer.status == 200 && answer.text().contains("Mended."));
}

#[test]
fn an_error_is_told_and_the_last_good_version_stays() {
    let place = small();
    let briefing = place.path().join("content/briefings/a.md");
    let preview = Preview::start(place.path(), &[]);
    let mut channel = preview.listen("/", "briefings/a.html");
    let first = channel.next();
    fs::write(&briefing, "---\ntitle: B\ndate: 2025\nspeakrs: []\n---\nOther words.\n").unwrap();
    let broken = channel.next();
    assert_eq!(broken["seen"], first["seen"]);
    let report = broken["problems"].as_str().unwrap();
    for part in ["content/briefings/a.md:4:1", "^^^^^^^", "did you mean `speakers`?"] {
        assert!(report.contains(part), "{report}");
    }
    assert!(preview.get("/briefings/a.html").text().contains("The words."));
    // The terminal is told on a thread of its own.
    let told = |what: &str, is_told: fn(&str) -> bool| {
        until(what, || {
            let said = preview.running.err();
            if is_told(&said) { Ok(()) } else { Err(said) }
        });
    };
    told("the report", |said| said.contains("the last good version stays up"));
    fs::write(&briefing, "---\ntitle: A\ndate: 2025\n---\nThe words.\n").unwrap();
    assert_eq!(channel.next(), first);
    told("the end of it", |said| said.ends_with("no problems any more\n"));
}

#[test]
fn a_template_that_fails_on_a_page_nobody_looks_at_is_found() {
    let place = small();
    let preview = Preview::start(place.path(), &[]);
    let mut channel = preview.listen("/", "index.html");
    let first = channel.next();
    let template = place.path().join("templates/briefing.html");
    fs::create_dir_all(template.parent().unwrap()).unwrap();
    fs::write(&template, "<!DOCTYPE html>\n{{ briefing.titel }}\n").unwrap();
    let state = channel.next();
    assert_eq!(state["seen"], first["seen"], "this page has not changed");
    let report = state["problems"].as_str().unwrap();
    assert!(report.contains("templates/briefing.html:2:"), "{report}");
    assert_eq!(preview.get("/briefings/a.html").status, 500);
    fs::remove_file(template).unwrap();
    assert_eq!(channel.next(), first);
    assert_eq!(preview.get("/briefings/a.html").status, 200);
}

#[test]
fn a_template_that_fails_on_an_open_page_does_not_take_it_away() {
    let place = small();
    let preview = Preview::start(place.path(), &[]);
    let mut channel = preview.listen("/", "briefings/a.html");
    let first = channel.next();
    let template = place.path().join("templates/briefing.html");
    fs::create_dir_all(template.parent().unwrap()).unwrap();
    fs::write(&template, "<!DOCTYPE html>\n{{ briefing.titel }}\n").unwrap();
    let state = channel.next();
    assert_eq!(state["seen"], first["seen"]);
    assert!(state["problems"].as_str().unwrap().contains("field `titel` is not defined"));
    assert!(preview.get("/briefings/a.html").text().contains("The words."));
}

#[test]
fn only_the_pages_that_changed_are_told() {
    let place = demo();
    let preview = Preview::start(place.path(), &[]);
    let briefing = "content/briefings/an-envoys-account.md";
    let mut own = preview.listen("/", "briefings/an-envoys-account.html");
    let mut other = preview.listen("/", "index.html");
    let (before, _) = (own.next(), other.next());
    let path: PathBuf = place.path().join(briefing);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text}\nOne more paragraph.\n")).unwrap();
    assert_ne!(own.next()["seen"], before["seen"]);
    assert_eq!(other.next_within(Duration::from_millis(500)), None);
    // The same words once more are no change.
    fs::write(&path, format!("{text}\nOne more paragraph.\n")).unwrap();
    assert_eq!(own.next_within(Duration::from_millis(500)), None);
}

#[test]
fn a_style_sheet_or_a_picture_concerns_the_pages_that_show_it() {
    let place = small();
    let write = |path: &str, text: &str| {
        let path = place.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("site.yaml", "title: Small\ntheme: own\n");
    write("themes/own/theme.yaml", "styles: [style.css]\n");
    write("themes/own/style.css", "body { color: red }");
    write("static/chart.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>");
    write("content/briefings/a.md", "---\ntitle: A\ndate: 2025\n---\n![A chart](/chart.svg)\n");
    let preview = Preview::start(place.path(), &[]);
    let mut shows = preview.listen("/", "briefings/a.html");
    let mut others = preview.listen("/", "index.html");
    let (first, _) = (shows.next(), others.next());
    write("themes/own/style.css", "body { color: blue }");
    let styled = shows.next();
    assert_eq!(styled["seen"], first["seen"], "the page need not be loaded again");
    assert_ne!(styled["styles"], first["styles"]);
    assert_eq!(others.next()["styles"], styled["styles"]);
    write("static/chart.svg", "<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0h9'/></svg>");
    let redrawn = shows.next();
    assert_ne!(redrawn["seen"], styled["seen"]);
    assert_eq!(others.next_within(Duration::from_millis(500)), None);
    // A style sheet with another name has nothing to take the place of.
    write("themes/own/other.css", "body { color: blue }");
    write("themes/own/theme.yaml", "styles: [other.css]\n");
    assert_ne!(shows.next()["seen"], redrawn["seen"]);
    assert_ne!(others.next()["seen"], styled["seen"]);
}

#[test]
fn a_picture_is_found_in_a_list_of_pictures() {
    let place = small();
    let write = |path: &str, text: &str| {
        let path = place.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let lists = "<img alt=\"\" srcset=\"../one.png 1x, ../two.png 2x\">\
                 <p style=\"background: url(../three.png)\">";
    write("templates/briefing.html", &format!("<!DOCTYPE html>\n<title>A</title>\n{lists}\n"));
    let pictures = ["one", "two", "three"].map(|name| format!("static/{name}.png"));
    for picture in &pictures {
        write(picture, "before");
    }
    let preview = Preview::start(place.path(), &[]);
    let mut channel = preview.listen("/", "briefings/a.html");
    let mut last = channel.next();
    for picture in &pictures {
        write(picture, "after");
        let state = channel.next();
        assert_ne!(state["seen"], last["seen"], "{picture}");
        last = state;
    }
}
