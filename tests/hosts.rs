//! What hosts are told, and what pages do where a host can be told nothing.

mod collected;

use std::collections::BTreeMap;

use collected::collected;
use onrecord::build::{Builder, Pass, Settings};
use onrecord::digest::integrity;
use onrecord::hosts;
use onrecord::read::snapshot::{Bytes, Snapshot};

const SPEAKER: (&str, &str) =
    ("content/speakers/john-roe.md", "---\nname: John Roe\nformer_ids: [j-roe]\n---\n");

fn pass(settings: &str, files: &[(&str, &str)]) -> Pass {
    let settings = format!("title: Harbour\n{settings}");
    let (assets, sources): (Vec<_>, Vec<_>) =
        files.iter().partition(|(path, _)| path.starts_with("static/"));
    let mut snapshot =
        Snapshot::of([("site.yaml", &*settings), SPEAKER].into_iter().chain(sources));
    for (path, text) in assets {
        let bytes = Bytes::Memory(text.as_bytes().into());
        snapshot.assets.insert(path["static/".len()..].into(), bytes);
    }
    let settings = Settings { now: 0, drafts: false, base_url: None, strict: true };
    let made = Builder::new(settings).pass(&snapshot);
    made.value.unwrap_or_else(|| panic!("{:#?}", made.diagnostics))
}

/// The text of every file of the site.
fn build(settings: &str, files: &[(&str, &str)]) -> BTreeMap<String, String> {
    let (all, problems) = collected(|sink| pass(settings, files).emit(sink, &|| ()));
    assert_eq!(problems, []);
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    all.into_iter().map(|(path, bytes)| (path, text(bytes))).collect()
}

#[test]
fn github_is_told_to_leave_files_alone_and_at_which_domain_they_are() {
    let names = |settings: &str, files: &[(&str, &str)]| {
        let all = build(settings, files);
        (all.get(".nojekyll").cloned(), all.get("CNAME").cloned())
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(names("", &[]), (None, None));
    let own = "host: github\nbase_url: https://record.test/\n";
    assert_eq!(names(own, &[]), (some(""), some("record.test\n")));
    assert_eq!(names(own, &[("static/CNAME", "other.test")]).1, some("other.test"));
    for address in ["https://desk.github.io/", "https://record.test/a/b/", "http://record.test:80/"]
    {
        let settings = format!("host: github\nbase_url: {address}\n");
        assert_eq!(names(&settings, &[]), (some(""), None), "{address}");
    }
    assert_eq!(names("host: github\n", &[]), (some(""), None));
}

#[test]
fn hosts_with_rules_are_told_what_moved_and_what_stays() {
    let netlify = build("host: netlify\nbase_url: https://record.test/\nsearch: false\n", &[]);
    assert_eq!(
        netlify["_redirects"],
        "/speakers/j-roe /speakers/john-roe.html 301!\n\
         /speakers/j-roe.html /speakers/john-roe.html 301!\n"
    );
    let headers = &netlify["_headers"];
    let start =
        "/*\n  Content-Security-Policy: default-src 'none'; style-src 'self'; script-src 'self';";
    assert!(headers.starts_with(start) && !headers.contains("wasm"), "{headers}");
    for asset in netlify.keys().filter(|path| path.starts_with("assets/")) {
        let rule = format!("\n/{asset}\n  Cache-Control: public, max-age=31536000, immutable\n");
        assert!(headers.contains(&rule), "{asset} in {headers}");
    }
    let settings = "host: cloudflare\nbase_url: https://record.test/a/b/\nurls: clean\n";
    let cloudflare = build(settings, &[]);
    assert_eq!(
        cloudflare["_redirects"],
        "/a/b/speakers/j-roe /a/b/speakers/john-roe/ 301\n\
         /a/b/speakers/j-roe/ /a/b/speakers/john-roe/ 301\n"
    );
    let searches = pass("", &[]).site.config.searches();
    assert_eq!(cloudflare["_headers"].contains("script-src 'self' 'wasm-unsafe-eval'"), searches);
    let own = build("host: netlify\n", &[("static/_headers", "/x\n  X-Y: z\n")]);
    assert_eq!(own["_headers"], "/x\n  X-Y: z\n");
    let gitlab = build("host: gitlab\n", &[]);
    assert!(!gitlab.contains_key("_redirects") && gitlab.contains_key("speakers/j-roe.html"));
}

#[test]
fn nginx_is_told_the_same() {
    let rules = |settings: &str| {
        let pass = pass(settings, &[]);
        hosts::nginx(&pass.site, &pass.plan)
    };
    let below = rules("base_url: https://record.test/a/b.c/\nsearch: false\n");
    for line in [
        "error_page 404 \"/a/b.c/404.html\";",
        "location ~ \"^/a/b\\.c/assets/.+\\.[0-9a-f]{8}\\.[a-z0-9]+$\" {",
        "location = \"/a/b.c/speakers/j-roe.html\" { return 301 \"/a/b.c/speakers/john-roe.html$is_args$args\"; }",
    ] {
        assert!(below.lines().any(|found| found == line), "{line} in {below}");
    }
    assert!(!below.contains("wasm"));
    assert_eq!(
        rules("").contains("location = \"/search.html\""),
        pass("", &[]).site.config.searches()
    );
}

#[test]
fn pages_say_what_their_files_must_be_where_the_site_has_a_host() {
    for settings in ["host: github\n", "integrity: true\ntheme: dossier\nhost: netlify\n"] {
        let all = build(settings, &[]);
        let mut checked = 0;
        for (path, page) in all.iter().filter(|(path, _)| path.ends_with(".html")) {
            for tag in page
                .split('<')
                .filter(|tag| tag.starts_with("script src") || tag.contains("\"stylesheet\""))
            {
                let value =
                    |name: &str| tag.split_once(&format!(" {name}=\""))?.1.split('"').next();
                let file = value("src").or(value("href")).unwrap();
                let file = file.trim_start_matches("../").trim_start_matches('/');
                assert_eq!(
                    value("integrity"),
                    Some(&*integrity(all[file].as_bytes())),
                    "{tag} in {path}"
                );
                checked += 1;
            }
        }
        assert!(checked > 10, "{checked}");
    }
    for settings in ["", "host: github\nintegrity: false\n"] {
        assert!(!build(settings, &[]).values().any(|text| text.contains(" integrity=")));
    }
}

#[test]
fn no_page_names_a_file_of_the_theme_without_its_fingerprint() {
    for theme in ["broadsheet", "dossier"] {
        let all = build(&format!("theme: {theme}\n"), &[]);
        let is_marked = |path: &str| {
            let mark = path.rsplit('.').nth(1).unwrap_or_default();
            mark.len() == 8 && mark.bytes().all(|b| b.is_ascii_hexdigit())
        };
        for text in all.values() {
            for rest in text.split("assets/").skip(1) {
                let path = rest.split(['"', '\'', ')', '\n']).next().unwrap();
                assert!(is_marked(path), "{path}");
            }
        }
        let assets = || all.keys().filter(|path| path.starts_with("assets/"));
        assert!(assets().count() > 3 && assets().all(|path| is_marked(path)));
    }
}

#[test]
fn a_former_address_leads_on_with_a_script_and_without() {
    let all = build("base_url: https://record.test/\n", &[]);
    let page = &all["speakers/j-roe.html"];
    let script = all.keys().find(|path| path.starts_with("assets/redirect.")).unwrap();
    for words in [
        &*format!("<script src=\"../{script}\" data-to=\"../speakers/john-roe.html\"></script>"),
        "<noscript><meta http-equiv=\"refresh\" content=\"0; url=../speakers/john-roe.html\"></noscript>",
        "<link rel=\"canonical\" href=\"https://record.test/speakers/john-roe.html\">",
        "<meta name=\"robots\" content=\"noindex\">",
    ] {
        assert!(page.contains(words), "{words} in {page}");
    }
    let without = Snapshot::of([("site.yaml", "title: Harbour\n")]);
    let settings = Settings { now: 0, drafts: false, base_url: None, strict: true };
    let without = Builder::new(settings).pass(&without).value.unwrap();
    assert!(!without.assets.keys().any(|path| path.contains("redirect")));
}
