//! The program as one runs it: arguments, exit codes, and what is printed where.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A working directory for the program.
struct Desk {
    folder: tempfile::TempDir,
}

/// How a run ended.
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// With the site that `init` makes, without its `.gitignore`d output.
    fn with_site() -> Self {
        let desk = Self::new();
        desk.run(&["init", "."]).is(0);
        desk
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("SOURCE_DATE_EPOCH")
            .env_remove("NO_COLOR")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        Run::of(&mut self.command(arguments))
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap()
    }

    fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no {from:?}");
        self.write(path, &text.replacen(from, to, 1));
    }

    /// Every file of a folder and its bytes.
    fn tree(&self, folder: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut open = vec![self.at(folder)];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    files.insert(path.clone(), fs::read(path).unwrap());
                }
            }
        }
        files
    }
}

impl Run {
    fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        Self {
            code: output.status.code().expect("it was not killed"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    #[track_caller]
    fn is(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\n--- stdout\n{}--- stderr\n{}", self.out, self.err);
        self
    }

    /// The last line on stdout, the seconds made the same.
    fn closing(&self) -> String {
        let line = self.out.lines().last().unwrap_or_default();
        let (pages, rest) = line.split_once(" in ").unwrap_or((line, ""));
        let rest = rest.split_once(" s,").map_or("", |(_, rest)| rest);
        format!("{pages} in N s,{rest}")
    }
}

const BRIEFING: &str = "content/briefings/a-tax-on-cruise-ships.md";

#[test]
fn a_new_site_builds_without_a_warning_and_so_does_what_is_added_to_it() {
    let desk = Desk::new();
    let run = desk.run(&["init", "desk"]).is(0);
    assert!(run.out.starts_with("a new site is in `desk`\n"), "{}", run.out);
    let run = desk.run(&["build", "desk", "--strict"]).is(0);
    assert_eq!(
        run.err,
        "note: `site.yaml` has no `base_url`, so pages carry no canonical address, and there are no sitemap and no feeds\n"
    );
    assert!(run.out.starts_with("desk/public: "), "{}", run.out);
    assert!(run.out.contains(" files written, 0 unchanged, 0 removed\n"), "{}", run.out);
    assert!(run.closing().ends_with(" pages in N s, 0 warnings"), "{}", run.out);

    for (kind, path) in [
        ("briefing", "briefings"),
        ("speaker", "speakers"),
        ("territory", "territories"),
        ("source", "sources"),
        ("proposition", "propositions"),
        ("topic", "topics"),
        ("page", "pages"),
    ] {
        let run = desk.run(&["new", kind, "Who pays: \"a\" & b?", "--dir", "desk"]).is(0);
        assert_eq!(run.out, format!("desk/content/{path}/who-pays-a-and-b.md\n"));
        desk.run(&["build", "desk", "--strict"]).is(0);
    }
    let page = desk.read("desk/public/briefings/who-pays-a-and-b.html");
    assert!(page.contains("Who pays: &quot;a&quot; &amp; b?"), "{page}");
}

#[test]
fn a_second_build_says_what_it_left_alone() {
    let desk = Desk::with_site();
    desk.run(&["build"]).is(0);
    let files = desk.tree("public").len() - 1;
    let run = desk.run(&["build"]).is(0);
    let expected = format!("public: 0 files written, {files} unchanged, 0 removed\n");
    assert!(run.out.starts_with(&expected), "{}", run.out);
}

#[test]
fn a_build_can_be_made_twice_and_compared() {
    let desk = Desk::with_site();
    let run = desk.run(&["build", "--verify"]).is(0);
    let files = desk.tree("public").len() - 1;
    let expected = format!("\nbuilt twice: {files} files with the same bytes\n");
    assert!(run.out.ends_with(&expected), "{}", run.out);
    assert!(!desk.run(&["build"]).is(0).out.contains("twice"));
}

#[test]
fn a_build_says_how_long_its_stages_took() {
    let desk = Desk::with_site();
    let run = desk.run(&["build", "--timings"]).is(0);
    let stages = ["read", "parse", "resolve", "plan", "view", "render", "audit", "write", "in all"];
    let lines: Vec<&str> = run.out.lines().collect();
    let mut seconds = Vec::new();
    for (line, stage) in lines.iter().zip(stages) {
        let taken = line.strip_prefix(stage).and_then(|rest| rest.split(" s").next());
        let taken = taken.and_then(|taken| taken.trim().parse::<f64>().ok());
        seconds.push(taken.expect(line));
    }
    let (all, each) = seconds.split_last().unwrap();
    assert_eq!(each.len(), 8);
    assert!(each.iter().any(|taken| *taken > 0.0), "{}", run.out);
    assert!(each[..4].iter().sum::<f64>() <= all + 0.003, "{}", run.out);
}

#[test]
fn init_leaves_a_folder_with_anything_in_it_alone() {
    let desk = Desk::new();
    desk.write("full/notes", "mine");
    let run = desk.run(&["init", "full"]).is(2);
    assert_eq!(
        run.err,
        "error: `full` is not empty: `notes` is in it\n  = hint: name a new or an empty folder; nothing was changed\n"
    );
    assert_eq!(desk.tree(".").len(), 1);
    desk.run(&["init", "full/notes"]).is(2);

    desk.write("repository/.git/HEAD", "ref");
    desk.run(&["init", "repository"]).is(0);
    fs::create_dir(desk.at("empty")).unwrap();
    desk.run(&["init", "empty"]).is(0);
}

#[test]
fn the_schemas_of_a_new_site_are_those_that_the_program_prints() {
    let desk = Desk::with_site();
    for kind in
        ["briefing", "speaker", "territory", "source", "proposition", "topic", "page", "site"]
    {
        let run = desk.run(&["schema", kind]).is(0);
        assert_eq!(run.out, desk.read(&format!("schemas/{kind}.json")), "{kind}");
        let schema: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!(schema["title"], kind);
        assert!(schema["properties"].as_object().is_some_and(|p| !p.is_empty()), "{kind}");
    }
    let all: serde_json::Value = serde_json::from_str(&desk.run(&["schema"]).is(0).out).unwrap();
    assert!(all["$defs"]["claim"]["properties"]["hedges"].is_object());
    desk.run(&["schema", "nothing"]).is(2);

    let before = desk.tree("schemas");
    let run = desk.run(&["schema", "--output", "schemas"]).is(0);
    assert_eq!(run.out.lines().next(), Some("schemas/briefing.json"));
    assert_eq!(desk.tree("schemas"), before);
}

#[test]
fn every_modeline_of_a_new_site_leads_to_its_schema() {
    let desk = Desk::with_site();
    desk.run(&["new", "speaker", "Jane Doe"]).is(0);
    for (path, text) in desk.tree("content") {
        let text = String::from_utf8(text).unwrap();
        let line = text.lines().nth(1).unwrap();
        let to = line.strip_prefix("# yaml-language-server: $schema=").unwrap();
        assert!(path.parent().unwrap().join(to).is_file(), "{}", path.display());
    }
}

#[test]
fn new_overwrites_nothing_and_writes_nothing_that_would_break_the_site() {
    let desk = Desk::with_site();
    let before = desk.tree(".");
    let check = |arguments: &[&str], expected: &str| {
        let run = desk.run(arguments).is(2);
        assert_eq!((run.out.as_str(), run.err.as_str()), ("", expected));
    };
    check(
        &["new", "speaker", "Ada Lindholm"],
        "error: `content/speakers/ada-lindholm.md` is already there, and stays as it is\n  = hint: edit it, or give the new speaker another title\n",
    );
    check(
        &["new", "topic", "🎉"],
        "error: `🎉` gives no file name\n  = hint: give it a title with letters or digits\n",
    );
    check(
        &["new", "page", "Index"],
        "error: `index` has a meaning of its own in addresses\n  = hint: add a word to the title\n",
    );
    let run = desk.run(&["new", "speaker", "The harbour master"]).is(0);
    fs::remove_file(desk.at(run.out.trim())).unwrap();
    assert_eq!(desk.tree("."), before);

    desk.write("content/topics/old/quays.md", "---\nname: Quays\n---\n");
    let run = desk.run(&["new", "topic", "Quays"]).is(2);
    assert!(run.err.contains("there are two files for the topic `quays`"), "{}", run.err);
    assert!(!desk.at("content/topics/quays.md").exists());
}

#[test]
fn a_new_briefing_carries_the_day_of_the_one_now() {
    let desk = Desk::with_site();
    desk.run(&["new", "briefing", "A", "--as-of", "2024-02-29T23:30:00-02:00"]).is(0);
    assert!(desk.read("content/briefings/a.md").contains("\ndate: 2024-03-01\n"));
    Run::of(desk.command(&["new", "briefing", "B"]).env("SOURCE_DATE_EPOCH", "86400")).is(0);
    assert!(desk.read("content/briefings/b.md").contains("\ndate: 1970-01-02\n"));
}

const MISSPELT: &str = "\
error: no speaker is called `ada-lindhlom`
  --> content/briefings/a-tax-on-cruise-ships.md:13:5
   |
13 |   - ada-lindhlom
   |     ^^^^^^^^^^^^
   |
   = hint: did you mean `ada-lindholm`?
   = hint: or add `content/speakers/ada-lindhlom.md`

";

#[test]
fn a_misspelt_speaker_is_reported_and_the_old_site_is_as_it_was() {
    let desk = Desk::with_site();
    desk.run(&["build"]).is(0);
    let before = desk.tree("public");
    desk.edit(BRIEFING, "  - ada-lindholm\n", "  - ada-lindhlom\n");
    for quiet in [&["build"][..], &["build", "--quiet"]] {
        let run = desk.run(quiet).is(1);
        let end = "1 error: the site was not built, and what was built before is as it was\n";
        assert_eq!((run.out, run.err), (String::new(), format!("{MISSPELT}{end}")));
    }
    assert_eq!(desk.tree("public"), before);

    let run = desk.run(&["check"]).is(1);
    assert_eq!((run.out, run.err), (format!("{MISSPELT}1 error\n"), String::new()));

    desk.edit(BRIEFING, "ada-lindhlom", "ada-lindholm");
    desk.run(&["build"]).is(0);
    assert_eq!(desk.tree("public"), before);
}

#[test]
fn a_check_reports_in_the_format_that_was_asked_for_and_writes_nothing() {
    let desk = Desk::new();
    desk.run(&["init", "a/desk"]).is(0);
    desk.write(".git/HEAD", "ref");
    desk.edit(&format!("a/desk/{BRIEFING}"), "  - ada-lindholm\n", "  - ada-lindhlom\n");
    let before = desk.tree(".");
    let check = |format| {
        let run = desk.run(&["check", "a/desk", "--format", format]).is(1);
        assert_eq!(run.err, "");
        run.out
    };
    assert_eq!(
        check("short"),
        "content/briefings/a-tax-on-cruise-ships.md:13:5: error: no speaker is called `ada-lindhlom` (hint: did you mean `ada-lindholm`?; or add `content/speakers/ada-lindhlom.md`)\n"
    );
    let json: serde_json::Value = serde_json::from_str(&check("json")).unwrap();
    assert!(json.to_string().contains("\"content/briefings/a-tax-on-cruise-ships.md\""), "{json}");
    let github = check("github");
    let start = "::error file=a/desk/content/briefings/a-tax-on-cruise-ships.md,line=13,";
    assert!(github.starts_with(start), "{github}");
    let sarif: serde_json::Value = serde_json::from_str(&check("sarif")).unwrap();
    let location = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(
        location["artifactLocation"]["uri"],
        "a/desk/content/briefings/a-tax-on-cruise-ships.md"
    );
    assert_eq!(location["region"]["startLine"], 13);
    assert_eq!(desk.tree("."), before);
    desk.run(&["check", "a/desk", "--format", "xml"]).is(2);
}

#[test]
fn a_check_without_problems_says_so_and_finds_broken_pages() {
    let desk = Desk::with_site();
    let run = desk.run(&["check", "--strict"]).is(0);
    assert!(run.out.starts_with("no problems in "), "{}", run.out);
    assert_eq!(desk.run(&["check", "--quiet"]).is(0).out, "");
    assert_eq!(desk.run(&["check", "--format", "json"]).is(0).out, "");
    assert!(!desk.at("public").exists());

    // Only a page that is rendered shows that its template is wrong.
    desk.write("templates/page.html", "{{ no_such_thing.here }}");
    desk.run(&["check"]).is(1);
    let run = desk.run(&["build"]).is(1);
    assert!(run.err.contains("templates/page.html"), "{}", run.err);
    assert!(!desk.at("public").exists());
}

#[test]
fn warnings_are_errors_where_that_is_asked_for() {
    let desk = Desk::with_site();
    desk.edit(BRIEFING, "date: 2025-03-21\n", "");
    let run = desk.run(&["build"]).is(0);
    assert!(
        run.err.starts_with("warning[undated-briefing]: this briefing has no date\n"),
        "{}",
        run.err
    );
    assert!(run.closing().ends_with(", 1 warning"), "{}", run.out);
    let run = desk.run(&["build", "--quiet"]).is(0);
    assert!(run.out.is_empty() && run.err.starts_with("warning["), "{}{}", run.out, run.err);
    let run = desk.run(&["build", "--strict"]).is(1);
    assert!(run.err.starts_with("error: this briefing has no date\n"), "{}", run.err);
    desk.run(&["check"]).is(0);
    desk.run(&["check", "--strict"]).is(1);
}

#[test]
fn quiet_says_nothing_where_nothing_is_wrong() {
    let desk = Desk::with_site();
    let run = desk.run(&["build", "-q"]).is(0);
    assert_eq!((run.out, run.err), (String::new(), String::new()));
    assert!(desk.at("public/index.html").is_file());
}

#[test]
fn what_is_left_out_is_counted_and_comes_when_it_is_time() {
    let desk = Desk::with_site();
    desk.write("content/briefings/d.md", "---\ntitle: D\ndate: 2025\ndraft: true\n---\nx\n");
    let embargo = "---\ntitle: E\ndate: 2025\nembargo: 2025-03-21T18:00:00+02:00\n---\nx\n";
    desk.write("content/briefings/e.md", embargo);
    let check = |arguments: &[&str], epoch: &str, ending: &str, shown: [bool; 2]| {
        let run = Run::of(
            desk.command(&[&["build"], arguments].concat()).env("SOURCE_DATE_EPOCH", epoch),
        )
        .is(0);
        assert!(run.closing().ends_with(ending), "{}", run.out);
        let is_there = |page: &str| desk.at(page).is_file();
        assert_eq!(
            [is_there("public/briefings/d.html"), is_there("public/briefings/e.html")],
            shown,
            "{arguments:?}"
        );
    };
    let both = ", 0 warnings; 1 draft, 1 under embargo left out";
    check(&["--as-of", "2025-03-21T15:59:59Z"], "", both, [false, false]);
    check(&["--as-of", "2025-03-21"], "1800000000", both, [false, false]);
    check(&["--as-of", "2025-03-21T16:00:00Z"], "0", "; 1 draft left out", [false, true]);
    check(&["--drafts"], "0", "; 1 under embargo left out", [true, false]);
    check(&[], "1742572799", both, [false, false]);
    check(&[], "1742572800", "; 1 draft left out", [false, true]);
    check(&["--drafts"], "1742572800", ", 0 warnings", [true, true]);
    // The clock, which is past that day.
    check(&[], "", "; 1 draft left out", [false, true]);
}

#[test]
fn an_output_folder_of_somebody_else_is_refused_and_left_alone() {
    let desk = Desk::with_site();
    desk.write("mine/notes", "mine");
    let before = desk.tree(".");
    for output in ["mine", ".", "content", "content/x", "/", "mine/notes"] {
        let run = desk.run(&["build", "--output", output]).is(2);
        assert_eq!(run.out, "");
        assert!(run.err.starts_with("error: will not write to `"), "{}", run.err);
        assert!(run.err.contains("  = hint: "), "{}", run.err);
        assert_eq!(desk.tree("."), before, "{output}");
    }
    desk.edit("site.yaml", "output: public", "output: mine");
    let run = desk.run(&["build"]).is(2);
    assert!(run.err.contains("it holds files that onrecord did not make"), "{}", run.err);
    assert!(run.err.contains("named by `site.yaml`"), "{}", run.err);
}

#[test]
fn an_output_folder_is_found_from_where_the_command_runs() {
    let desk = Desk::new();
    desk.run(&["init", "desk"]).is(0);
    desk.run(&["build", "desk", "--output", "out", "--base-url", "http://localhost:8000/x"]).is(0);
    assert!(desk.at("out/index.html").is_file() && !desk.at("desk/public").exists());
    assert!(desk.read("out/sitemap.xml").contains("http://localhost:8000/x/"));
}

#[test]
fn wrong_use_ends_with_two() {
    let desk = Desk::with_site();
    fs::create_dir(desk.at("empty")).unwrap();
    let check = |arguments: &[&str], expected: &str| {
        let run = desk.run(arguments).is(2);
        assert_eq!(run.out, "", "{arguments:?}");
        assert!(run.err.contains(expected), "{arguments:?}\n{}", run.err);
    };
    check(&[], "Usage: onrecord");
    check(&["publish"], "unrecognized subcommand");
    check(&["build", "--base-url", "example.org"], "it starts with `https://`");
    check(&["build", "--as-of", "tomorrow"], "give a date (`2025-03-21`");
    check(&["build", "--as-of", "2025-03-21T18:00:00"], "with its offset");
    check(&["build", "nowhere"], "error: nowhere: ");
    check(&["build", "site.yaml"], "error: `site.yaml` is not a folder");
    check(
        &["build", "empty"],
        "there is no `site.yaml` in `empty`\n  = hint: the site around it is `",
    );
    check(&["check", "empty"], "there is no `site.yaml` in `empty`");
    check(&["new", "topic", "x", "--dir", "empty"], "there is no `site.yaml` in `empty`");
    for epoch in ["soon", "-1", "1.5"] {
        let run = Run::of(desk.command(&["build"]).env("SOURCE_DATE_EPOCH", epoch)).is(2);
        assert!(run.err.contains(&format!("SOURCE_DATE_EPOCH is `{epoch}`")), "{}", run.err);
    }
    assert!(!desk.at("public").exists());
}

#[test]
fn the_program_says_its_version_and_how_it_is_used() {
    let desk = Desk::new();
    assert_eq!(
        desk.run(&["--version"]).is(0).out,
        format!("onrecord {}\n", env!("CARGO_PKG_VERSION"))
    );
    for command in ["build", "check", "init", "new", "schema"] {
        let help = desk.run(&[command, "--help"]).is(0).out;
        assert!(help.contains("\nExample"), "{help}");
    }
}

#[test]
fn what_is_written_to_a_file_has_no_colour() {
    let desk = Desk::with_site();
    desk.edit(BRIEFING, "  - ada-lindholm\n", "  - ada-lindhlom\n");
    for arguments in [&["build"][..], &["check"], &["--help"], &["build", "--nonsense"]] {
        let run = desk.run(arguments);
        assert!(!run.out.contains('\u{1b}') && !run.err.contains('\u{1b}'), "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_who_has_gone_is_no_failure() {
    let desk = Desk::with_site();
    let run = |arguments: &[&str], out: Stdio, err: Stdio| {
        let status = desk.command(arguments).stdout(out).stderr(err).status().unwrap();
        status.code()
    };
    let closed = || {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        Stdio::from(writer)
    };
    assert_eq!(run(&["schema"], closed(), Stdio::null()), Some(0));
    assert_eq!(run(&["build"], closed(), closed()), Some(0));
    desk.edit(BRIEFING, "  - ada-lindholm\n", "  - ada-lindhlom\n");
    assert_eq!(run(&["check"], closed(), closed()), Some(1));
    assert_eq!(run(&["build"], closed(), closed()), Some(1));
    if Path::new("/dev/full").exists() {
        let full = || Stdio::from(fs::File::create("/dev/full").unwrap());
        assert_eq!(run(&["schema"], full(), Stdio::null()), Some(2));
    }
}

#[test]
fn every_shell_is_told_every_command() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = desk.run(&["completions", shell]).is(0);
        for word in ["build", "links", "base-url", "at-once", "completions"] {
            assert!(run.out.contains(word), "{shell} does not know {word}");
        }
    }
    desk.run(&["completions", "sh"]).is(2);
}

#[test]
fn every_command_has_a_manual_page() {
    let desk = Desk::new();
    let page = desk.run(&["man"]).is(0).out;
    assert!(page.contains(".TH onrecord 1 "), "{page}");
    desk.run(&["man", "--output", "man1"]).is(0);
    let pages = desk.tree("man1");
    let help = desk.run(&["--help"]).is(0).out;
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands: Vec<&str> = commands
        .map_while(|line| line.split_whitespace().next())
        .filter(|c| *c != "help")
        .collect();
    assert!(commands.len() > 8, "{help}");
    assert_eq!(pages.len(), commands.len() + 1, "one each, and one for the program");
    for command in commands {
        let page = desk.read(&format!("man1/onrecord-{command}.1"));
        assert!(page.contains("SH SYNOPSIS") && page.contains("SH OPTIONS"), "{command}: {page}");
    }
}

#[test]
fn what_publishes_a_site_is_added_to_a_new_one_and_to_one_that_is_there() {
    let desk = Desk::new();
    for (service, files) in [
        ("github", &[".github/workflows/record.yml"][..]),
        ("gitlab", &[".gitlab-ci.yml"]),
        ("woodpecker", &[".woodpecker/record.yaml"]),
        ("netlify", &["netlify.toml"]),
        ("cloudflare", &[".github/workflows/record.yml", "wrangler.toml"]),
    ] {
        let run = desk.run(&["init", service, "--ci", service]).is(0);
        for file in files {
            assert!(run.out.lines().any(|line| line == format!("{service}/{file}")), "{}", run.out);
            assert!(!desk.read(&format!("{service}/{file}")).is_empty());
        }
        let settings = desk.read(&format!("{service}/site.yaml"));
        let named = settings.lines().any(|line| line == format!("host: {service}"));
        assert_eq!(named, service != "woodpecker", "{settings}");
        desk.run(&["build", service, "--strict", "--quiet"]).is(0);
    }
    desk.run(&["init", "desk"]).is(0);
    let before = desk.tree("desk");
    let run = desk.run(&["init", "desk", "--ci", "netlify"]).is(0);
    assert_eq!(
        run.out,
        "desk/netlify.toml\nsay `host: netlify` in `site.yaml`, if it does not yet\n"
    );
    assert_eq!(desk.tree("desk").len(), before.len() + 1);
}

#[test]
fn a_file_that_is_there_is_never_replaced() {
    let desk = Desk::new();
    desk.run(&["init", "desk"]).is(0);
    desk.write("desk/wrangler.toml", "mine");
    let before = desk.tree("desk");
    let run = desk.run(&["init", "desk", "--ci", "cloudflare"]).is(2);
    assert!(run.err.contains("`desk/wrangler.toml` is there already"), "{}", run.err);
    assert_eq!(desk.tree("desk"), before, "nothing was changed");
    let run = desk.run(&["init", "desk"]).is(2);
    assert!(run.err.contains("is not empty"), "{}", run.err);
    desk.write("other/notes.txt", "mine");
    desk.run(&["init", "other", "--ci", "github"]).is(2);
    for service in ["netlify", "gitlab"] {
        let run = desk.run(&["init", "new", "--ci", service, "--shards", "4"]).is(2);
        assert!(run.err.contains("goes with `--ci github`"), "{}", run.err);
    }
    desk.run(&["init", "new", "--shards", "4"]).is(2);
    desk.run(&["init", "new", "--ci", "github", "--shards", "1"]).is(2);
    desk.run(&["init", "new", "--ci", "github", "--shards", "3"]).is(0);
    let workflow = desk.read("new/.github/workflows/record.yml");
    assert!(workflow.contains("part: [1, 2, 3]\n"), "{workflow}");
}

#[test]
fn a_site_below_the_top_of_its_repository_is_named_in_what_publishes_it() {
    let desk = Desk::new();
    desk.write(".git/HEAD", "");
    let run = desk.run(&["init", "records/desk", "--ci", "gitlab"]).is(0);
    assert!(run.out.contains("move this file to the top"), "{}", run.out);
    let file = desk.read("records/desk/.gitlab-ci.yml");
    assert!(file.contains("  SITE: \"records/desk\"\n"), "{file}");
}

/// A shell block of a page of the guide: the one with these words.
#[cfg(unix)]
fn block(page: &str, words: &str) -> String {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(page);
    let text = fs::read_to_string(guide).unwrap();
    let mut blocks = text.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.find(|block| block.contains(words)).expect("the guide has such a block").to_owned()
}

/// Stands in for the program that talks to a bucket: the bucket is a folder.
#[cfg(unix)]
const AWS: &str = r#"#!/bin/sh
set -e
if [ "$1 $2 $3" = "s3 cp --only-show-errors" ]; then
    to=host/${5#s3://BUCKET/}
    mkdir -p "${to%/*}"
    cp "$4" "$to"
elif [ "$1 $2 $3" = "s3 rm --only-show-errors" ]; then
    rm "host/${4#s3://BUCKET/}"
else
    exit 9
fi
printf '%s\n' "$2 ${5:-$4}" >>log
"#;

#[cfg(unix)]
#[test]
fn what_the_guide_says_brings_a_host_from_release_to_release() {
    use std::os::unix::fs::PermissionsExt;

    let desk = Desk::with_site();
    let programs = Path::new(env!("CARGO_BIN_EXE_onrecord")).parent().unwrap();
    desk.write("bin/aws", AWS);
    fs::set_permissions(desk.at("bin/aws"), fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}:{}", desk.at("bin").display(), programs.display(), env!("PATH"));
    let publish = || {
        let mut shell = Command::new("sh");
        shell.args(["-c", &block("deploy.md", "aws s3")]).current_dir(desk.folder.path());
        let run = Run::of(shell.env("PATH", &path)).is(0);
        let log = desk.read("log");
        desk.write("log", "");
        (run, log.lines().map(|line| line.replace("s3://BUCKET/", "")).collect::<Vec<_>>())
    };
    let files_of = |folder: &str| -> BTreeMap<String, Vec<u8>> {
        let root = desk.at(folder);
        let name = |path: &Path| path.strip_prefix(&root).unwrap().display().to_string();
        let tree = desk.tree(folder).into_iter().map(|(path, bytes)| (name(&path), bytes));
        tree.filter(|(name, _)| name != ".onrecord").collect()
    };

    let odd = "it's \"a\" $(touch harmed) `touch harmed` chart;.txt";
    desk.write(&format!("static/{odd}"), "1");
    let (run, log) = publish();
    assert!(run.err.contains("note: nothing is published yet"), "{}", run.err);
    assert_eq!(files_of("host"), files_of("public"));
    assert!(!desk.at("harmed").exists());
    assert_eq!(log.last().unwrap(), "cp deploy-manifest.json");
    let first_page = log.iter().position(|line| line.ends_with(".html")).unwrap();
    let odd_one = log.iter().position(|line| *line == format!("cp {odd}")).unwrap();
    assert!(odd_one < first_page);

    // Nothing new: nothing travels.
    let (_, log) = publish();
    assert_eq!(log, [""; 0]);

    // A static file and a page go; the file stays for one release.
    fs::remove_file(desk.at(&format!("static/{odd}"))).unwrap();
    desk.write("content/pages/note.md", "---\ntitle: A note\n---\nIt says little.\n");
    publish();
    let mut with_kept = files_of("public");
    with_kept.insert(odd.to_owned(), b"1".to_vec());
    assert_eq!(files_of("host"), with_kept);

    fs::remove_file(desk.at("content/pages/note.md")).unwrap();
    let (_, log) = publish();
    let mut deleted = log.iter().filter(|line| line.starts_with("rm "));
    assert_eq!(deleted.next().unwrap(), "rm note.html");
    assert!(deleted.any(|line| *line == format!("rm {odd}")), "{log:?}");
    assert!(!files_of("host").contains_key(odd) && !files_of("host").contains_key("note.html"));

    // What is kept besides, of the search index, goes with the next.
    desk.write("content/pages/note.md", "---\ntitle: A note\n---\nIt says little.\n");
    desk.edit("site.yaml", "title: ", "title: New ");
    publish();
    let host = desk.read("published.json");
    let host = onrecord::deploy::manifest::Manifest::parse(&host).unwrap();
    let listed: Vec<&String> = host.files.keys().chain(host.kept.keys()).collect();
    let there: std::collections::BTreeSet<String> = files_of("host").into_keys().collect();
    assert_eq!(there.len(), listed.len() + 1, "the manifest does not list itself");
    assert!(listed.into_iter().all(|path| there.contains(path)));
}

#[test]
fn two_releases_are_compared_in_three_formats_and_bad_manifests_are_named() {
    let desk = Desk::new();
    let sha = |digit: &str| digit.repeat(64);
    let manifest = |files: &[(&str, &str)]| {
        let lines = files.iter().map(|(path, digit)| {
            format!("{{\"path\": \"{path}\", \"sha256\": \"{}\", \"size\": 1200}}", sha(digit))
        });
        format!("{{\"files\": [{}]}}", lines.collect::<Vec<_>>().join(", "))
    };
    desk.write("old.json", &manifest(&[("a.css", "1"), ("a.html", "1"), ("gone.html", "1")]));
    desk.write("new.json", &manifest(&[("a.html", "2"), ("b.css", "1")]));
    let run = desk.run(&["diff", "old.json", "new.json"]).is(0);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines[..2], ["upload  b.css  (1.2 kB)", "upload  a.html  (1.2 kB)"]);
    assert!(lines[2].starts_with("upload  deploy-manifest.json  ("), "{}", run.out);
    assert_eq!(lines[3..5], ["delete  gone.html", "keep    a.css"]);
    assert!(lines[5].starts_with("3 files to upload (2."), "{}", run.out);
    assert!(lines[5].ends_with(", 1 to delete, 1 kept for one release"), "{}", run.out);
    assert_eq!(
        run.err,
        "note: 1 file of the last release stays on the host; with `--save`, the next release deletes it\n"
    );

    let run = desk.run(&["diff", "old.json", "new.json", "--format", "lines"]).is(0);
    let lines = "upload b.css\nupload a.html\nupload deploy-manifest.json\ndelete gone.html\n";
    assert_eq!(run.out, lines);
    let run = desk.run(&["diff", "old.json", "new.json", "--format", "json"]).is(0);
    let json: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(json["upload"][1]["path"], "a.html");
    assert_eq!(json["upload"][1]["sha256"], sha("2").as_str());
    assert_eq!(json["upload"][1]["size"], 1200);
    assert_eq!(json["delete"], serde_json::json!(["gone.html"]));
    assert_eq!(json["keep"], serde_json::json!(["a.css"]));
    let run = desk.run(&["diff", "new.json", "new.json"]).is(0);
    assert_eq!(run.out, "0 files to upload (0 bytes), 0 to delete, 0 kept for one release\n");

    let fails = |arguments: &[&str], expected: &str| {
        let run = desk.run(arguments).is(2);
        assert!(run.err.contains(expected) && run.out.is_empty(), "{}{}", run.err, run.out);
    };
    fails(&["diff", "old.json", "none.json"], "`none.json` cannot be read");
    fails(&["diff", "old.json", "-"], "`-` cannot be read");
    desk.write("empty/x", "");
    fails(&["diff", "empty", "new.json"], "there is no `deploy-manifest.json` in `empty`");
    desk.write("page.html", "<p>");
    fails(&["diff", "page.html", "new.json"], "`page.html` is no manifest: it is not the JSON");
    desk.write("bad.json", &manifest(&[("../../etc/passwd", "1")]));
    fails(&["diff", "bad.json", "new.json"], "lists what no site can have");
    fails(&["diff", "old.json", "new.json", "--save", "old.json"], "one of the two to compare");
    desk.write("site/deploy-manifest.json", &manifest(&[("a.css", "1")]));
    fails(&["diff", "-", "site"], "`a.css` in `site` is not as its manifest says it was built");
}

#[test]
fn a_manifest_can_be_left_out_and_no_file_takes_its_name() {
    let desk = Desk::with_site();
    desk.write("static/Deploy-Manifest.json", "{}");
    let run = desk.run(&["build"]).is(1);
    assert!(
        run.err.contains("this file would have the address of the site's `deploy-manifest.json`"),
        "{}",
        run.err
    );
    let settings = desk.read("site.yaml");
    desk.write("site.yaml", &format!("{settings}\nmanifest: false\n"));
    desk.run(&["build"]).is(0);
    assert!(!desk.at("public/deploy-manifest.json").exists());
    assert!(desk.at("public/Deploy-Manifest.json").exists());
}
