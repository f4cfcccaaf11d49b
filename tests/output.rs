//! The output folder: replaced whole or not at all, and never one of somebody else's.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use onrecord::write::{How, OpenError, Output, Project, PublishError, Published, Put, Reason};

/// A project folder with content, templates and a git repository.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("desk");
        for file in ["desk/content/a/x.md", "desk/templates/a.html", "desk/.git/HEAD", "home/notes"]
        {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        symlink(&root, folder.path().join("link-to-desk")).unwrap();
        symlink(root.join("content"), folder.path().join("link-to-content")).unwrap();
        Self { folder }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn project(&self) -> Project {
        project_in(self.folder.path())
    }

    fn out(&self) -> PathBuf {
        self.at("desk/public")
    }

    fn open(&self) -> Output {
        Output::open(&self.out(), &self.project()).unwrap()
    }

    fn publish(&self, files: &[(&str, &str)]) -> Published {
        put_all(self.open(), files)
    }

    fn refusal(&self, folder: &Path) -> Reason {
        let before = tree(self.folder.path());
        let result = Output::open(folder, &self.project());
        assert_eq!(tree(self.folder.path()), before, "{}", folder.display());
        match result {
            Err(OpenError::Refused(refused)) => {
                assert!(!refused.hint().is_empty());
                refused.reason
            }
            Err(OpenError::Io(error)) => panic!("{}: {error}", folder.display()),
            Ok(_) => panic!("{} was not refused", folder.display()),
        }
    }

    fn refusal_in_place(&self) -> Reason {
        match Output::open_in_place(&self.out(), &self.project()) {
            Err(OpenError::Refused(refused)) => refused.reason,
            _ => panic!("not refused"),
        }
    }
}

fn project_in(folder: &Path) -> Project {
    let root = folder.join("desk");
    let sources = ["content", "templates", "themes"].map(|name| root.join(name)).to_vec();
    Project { root, sources, home: Some(folder.join("home")) }
}

fn put_all(output: Output, files: &[(&str, &str)]) -> Published {
    for (path, text) in files {
        output.put(path, text.as_bytes()).unwrap();
    }
    output.publish(files.len()).unwrap()
}

/// Every file, folder and link below `root`, with its content.
fn tree(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut tree = BTreeMap::new();
    for entry in walkdir::WalkDir::new(root).min_depth(1) {
        let entry = entry.unwrap();
        let content = match entry.file_type() {
            kind if kind.is_file() => fs::read(entry.path()).unwrap(),
            kind if kind.is_symlink() => {
                fs::read_link(entry.path()).unwrap().into_os_string().into_encoded_bytes()
            }
            _ => b"folder".to_vec(),
        };
        tree.insert(entry.path().strip_prefix(root).unwrap().to_owned(), content);
    }
    tree
}

/// The files of a site, without the marker.
fn pages(folder: &Path) -> BTreeMap<String, String> {
    let files = tree(folder)
        .into_iter()
        .filter(|(path, content)| content != b"folder" && path != Path::new(".onrecord"));
    files
        .map(|(path, content)| {
            (path.to_str().unwrap().to_owned(), String::from_utf8(content).unwrap())
        })
        .collect()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn file_id(path: &Path) -> (u64, i64, i64) {
    let found = fs::symlink_metadata(path).unwrap();
    (found.ino(), found.mtime(), found.mtime_nsec())
}

fn age(path: &Path) {
    let long_ago = std::time::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    fs::File::options().write(true).open(path).unwrap().set_modified(long_ago).unwrap();
}

#[test]
fn a_site_is_made_with_the_folders_it_needs() {
    let desk = Desk::new();
    let out = desk.at("new/folders/site");
    let output = Output::open(&out, &desk.project()).unwrap();
    let published = put_all(output, &[("index.html", "home"), ("a/b/c.html", "c")]);
    assert_eq!((published.written, published.unchanged, published.removed), (2, 0, 0));
    assert_eq!(published.how, How::AtOnce);
    assert_eq!(names(&out), [".onrecord", "a", "index.html"]);
    assert_eq!(names(&desk.at("new/folders")), ["site"]);
}

#[test]
fn a_folder_that_somebody_would_miss_is_refused() {
    let desk = Desk::new();
    let root = desk.at("desk");
    let content = Reason::Source(root.join("content"));
    assert_eq!(desk.refusal(Path::new("/")), Reason::Root);
    assert_eq!(desk.refusal(&desk.at("home")), Reason::Home);
    assert_eq!(desk.refusal(desk.folder.path()), Reason::Home);
    assert_eq!(desk.refusal(&root), Reason::Project);
    assert_eq!(desk.refusal(&root.join("content/../../desk/.")), Reason::Project);
    assert_eq!(desk.refusal(&desk.at("link-to-desk")), Reason::Project);
    assert_eq!(desk.refusal(&root.join("content")), content);
    assert_eq!(desk.refusal(&root.join("content/a")), content);
    assert_eq!(desk.refusal(&root.join("content/new/er")), content);
    assert_eq!(desk.refusal(&desk.at("link-to-content")), content);
    assert_eq!(desk.refusal(&desk.at("link-to-content/new")), content);
    assert_eq!(desk.refusal(&desk.at("link-to-desk/content/a")), content);
    assert_eq!(desk.refusal(&root.join("themes/mine")), Reason::Source(root.join("themes")));
    assert_eq!(desk.refusal(&root.join("content/a/x.md")), content);
    assert_eq!(desk.refusal(&desk.at("home/notes")), Reason::NotAFolder);
    assert_eq!(desk.refusal(Path::new(".")), Reason::WorkingFolder);

    let mut project = desk.project();
    project.home = None;
    let refused = Output::open(desk.folder.path(), &project);
    assert!(matches!(refused, Err(OpenError::Refused(r)) if r.reason == Reason::Project));
}

#[test]
fn a_folder_that_holds_a_source_is_refused() {
    let desk = Desk::new();
    let mut project = desk.project();
    project.sources.push(desk.at("shared/static"));
    let refused = Output::open(&desk.at("shared"), &project);
    assert!(matches!(refused, Err(OpenError::Refused(r)) if matches!(r.reason, Reason::Source(_))));
    assert!(!desk.at("shared").exists());
}

#[test]
fn a_folder_that_we_did_not_make_is_refused() {
    let desk = Desk::new();
    fs::create_dir(desk.out()).unwrap();
    fs::write(desk.out().join("thesis.txt"), "years of work").unwrap();
    assert_eq!(desk.refusal(&desk.out()), Reason::NotOurs);
    symlink(desk.out(), desk.at("link")).unwrap();
    assert_eq!(desk.refusal(&desk.at("link")), Reason::NotOurs);
    // A file of that name is not enough, nor is a link to a real one.
    fs::write(desk.out().join(".onrecord"), "my own notes").unwrap();
    assert_eq!(desk.refusal(&desk.out()), Reason::NotOurs);
    put_all(Output::open(&desk.at("other"), &desk.project()).unwrap(), &[]);
    fs::remove_file(desk.out().join(".onrecord")).unwrap();
    symlink(desk.at("other/.onrecord"), desk.out().join(".onrecord")).unwrap();
    assert_eq!(desk.refusal(&desk.out()), Reason::NotOurs);
    fs::remove_dir_all(desk.out()).unwrap();
    symlink("nowhere", desk.out()).unwrap();
    assert_eq!(desk.refusal(&desk.out()), Reason::BrokenLink);
}

#[test]
fn a_repository_is_refused_even_in_a_folder_we_made() {
    let desk = Desk::new();
    desk.publish(&[("a/b/c.html", "c")]);
    let git = desk.out().join("a/b/.git");
    fs::write(&git, "gitdir: elsewhere").unwrap();
    assert_eq!(desk.refusal(&desk.out()), Reason::Git(git));
}

#[test]
fn an_empty_folder_is_taken_and_a_link_stays_a_link() {
    let desk = Desk::new();
    fs::create_dir(desk.at("target")).unwrap();
    symlink(desk.at("target"), desk.out()).unwrap();
    for text in ["one", "two"] {
        desk.publish(&[("index.html", text)]);
        assert_eq!(fs::read_link(desk.out()).unwrap(), desk.at("target"));
        assert_eq!(fs::read_to_string(desk.at("target/index.html")).unwrap(), text);
    }
}

#[test]
fn somebody_elses_folder_with_the_name_of_ours_is_left_alone() {
    let desk = Desk::new();
    let taken = desk.at("desk/.public.onrecord");
    fs::create_dir_all(taken.join("new")).unwrap();
    fs::write(taken.join("new/thesis.txt"), "years of work").unwrap();
    assert_eq!(desk.refusal(&desk.out()), Reason::StagingTaken(taken.clone()));
    fs::rename(&taken, desk.at("elsewhere")).unwrap();
    symlink(desk.at("elsewhere"), &taken).unwrap();
    assert_eq!(desk.refusal(&desk.out()), Reason::StagingTaken(taken));
}

#[test]
fn an_unchanged_file_stays_the_same_file() {
    let desk = Desk::new();
    let source = desk.at("desk/photo.jpg");
    fs::write(&source, vec![7; 100_000]).unwrap();
    let build = |text: &str| {
        let output = desk.open();
        let puts = [
            output.put("same/a.html", b"the same").unwrap(),
            output.put("empty", b"").unwrap(),
            output.put("b.html", text.as_bytes()).unwrap(),
            output.put_file("photo.jpg", &source).unwrap(),
        ];
        (puts, output.publish(4).unwrap())
    };
    build("one");
    let kept = ["same/a.html", "empty", "photo.jpg", ".onrecord"].map(|name| desk.out().join(name));
    for path in &kept {
        age(path);
    }
    let before = kept.each_ref().map(|path| file_id(path));

    let (puts, published) = build("two");
    assert_eq!(puts, [Put::Unchanged, Put::Unchanged, Put::Written, Put::Unchanged]);
    assert_eq!((published.written, published.unchanged, published.removed), (1, 3, 0));
    assert_eq!(kept.each_ref().map(|path| file_id(path)), before);
    assert_eq!(fs::read(desk.out().join("photo.jpg")).unwrap(), vec![7; 100_000]);
    assert_eq!(fs::read(desk.out().join("b.html")).unwrap(), b"two");

    // Same length, one byte differs at the end.
    let mut photo = vec![7; 100_000];
    photo[99_999] = 8;
    fs::write(&source, &photo).unwrap();
    assert_eq!(build("two").0[3], Put::Written);
    assert_eq!(fs::read(desk.out().join("photo.jpg")).unwrap(), photo);
}

#[test]
fn a_site_that_has_not_changed_stays_where_it_is() {
    let desk = Desk::new();
    let files = [("a/b.html", "b"), ("c.html", "c")];
    desk.publish(&files);
    age(&desk.out().join("a/b.html"));
    let ids = || ["", "a", "a/b.html", ".onrecord"].map(|path| file_id(&desk.out().join(path)));
    let before = ids();
    let published = desk.publish(&files);
    assert_eq!((published.written, published.unchanged, published.removed), (0, 2, 0));
    assert_eq!((published.how, ids()), (How::AtOnce, before));
    assert_eq!(names(&desk.at("desk")), [".git", "content", "public", "templates"]);

    // What else lies in it goes: a file, an empty folder, a link.
    let others: [fn(&Path); 3] = [
        |out| fs::write(out.join("a/other"), "").unwrap(),
        |out| fs::create_dir(out.join("a/empty")).unwrap(),
        |out| symlink("c.html", out.join("link")).unwrap(),
    ];
    for (other, removed) in others.into_iter().zip([1, 0, 1]) {
        other(&desk.out());
        let published = desk.publish(&files);
        assert_eq!((published.written, published.unchanged), (0, 2));
        assert_eq!(published.removed, removed);
        assert_eq!(names(&desk.out()), [".onrecord", "a", "c.html"]);
        assert_eq!(names(&desk.out().join("a")), ["b.html"]);
        assert_eq!(file_id(&desk.out().join("a/b.html")), before[2]);
    }
}

#[test]
fn a_file_that_goes_while_the_site_is_built_leaves_the_rest_as_it_was() {
    let desk = Desk::new();
    desk.publish(&[("a/b.html", "b"), ("c.html", "c")]);
    let output = desk.open();
    output.put("a/b.html", b"b").unwrap();
    output.put("c.html", b"new").unwrap();
    fs::remove_file(desk.out().join("a/b.html")).unwrap();
    assert!(matches!(output.publish(2), Err(PublishError::Io(_))));
    assert_eq!(pages(&desk.out()), BTreeMap::from([("c.html".to_owned(), "c".to_owned())]));
    assert_eq!(names(&desk.at("desk")), [".git", "content", "public", "templates"]);
}

#[test]
fn a_folder_is_removed_with_whatever_is_in_it() {
    let desk = Desk::new();
    let many: Vec<String> = (0..500).map(|n| format!("many/{}/{n}.html", n % 3)).collect();
    let mut files: Vec<(&str, &str)> = many.iter().map(|path| (&**path, "x")).collect();
    files.push(("c.html", "c"));
    desk.publish(&files);
    fs::create_dir(desk.at("outside")).unwrap();
    fs::write(desk.at("outside/notes"), "mine").unwrap();
    symlink(desk.at("outside"), desk.out().join("many/link")).unwrap();
    let published = desk.publish(&[("c.html", "c")]);
    assert_eq!((published.removed, published.left_behind.is_none()), (501, true));
    assert_eq!(names(&desk.out()), [".onrecord", "c.html"]);
    assert_eq!(names(&desk.at("outside")), ["notes"]);
}

#[test]
fn a_page_that_is_gone_vanishes_with_its_folder() {
    let desk = Desk::new();
    desk.publish(&[
        ("a/b/c.html", "c"),
        ("d.html", "d"),
        ("e", "a file, then a folder"),
        ("f/g", ""),
    ]);
    let published = desk.publish(&[("d.html", "d"), ("e/index.html", "e"), ("f", "now a file")]);
    assert_eq!((published.written, published.unchanged, published.removed), (2, 1, 3));
    assert_eq!(names(&desk.out()), [".onrecord", "d.html", "e", "f"]);
}

#[test]
fn a_failed_build_leaves_everything_as_it_was() {
    let desk = Desk::new();
    desk.publish(&[("a/b.html", "b"), ("c.html", "c")]);
    let before = tree(desk.folder.path());

    let output = desk.open();
    output.put("a/b.html", b"changed").unwrap();
    drop(output);
    assert_eq!(tree(desk.folder.path()), before);

    let output = desk.open();
    output.put("new.html", b"new").unwrap();
    let error = output.publish(2);
    assert!(matches!(error, Err(PublishError::Incomplete { planned: 2, put: 1 })));
    assert_eq!(tree(desk.folder.path()), before);

    drop(Output::open(&desk.at("new/folders/site"), &desk.project()).unwrap());
    assert_eq!(tree(desk.folder.path()), before);
}

#[test]
fn a_second_build_is_told_to_wait() {
    let desk = Desk::new();
    let first = desk.open();
    first.put("a.html", b"first").unwrap();
    assert_eq!(desk.refusal(&desk.out()), Reason::Busy);
    first.publish(1).unwrap();
    desk.publish(&[("a.html", "second")]);
    assert_eq!(names(&desk.at("desk")), [".git", "content", "public", "templates"]);
}

#[test]
fn builds_that_race_leave_a_whole_site() {
    let desk = Desk::new();
    let versions = [version(1), version(2), version(3)];
    thread::scope(|scope| {
        for files in &versions {
            scope.spawn(|| {
                for _ in 0..20 {
                    match Output::open(&desk.out(), &desk.project()) {
                        Ok(output) => {
                            let planned = put_version(&output, files).unwrap();
                            output.publish(planned).unwrap();
                        }
                        Err(OpenError::Refused(refused)) => {
                            assert_eq!(refused.reason, Reason::Busy);
                        }
                        Err(OpenError::Io(error)) => panic!("{error}"),
                    }
                }
            });
        }
    });
    assert!(versions.contains(&pages(&desk.out())));
    assert_eq!(names(&desk.at("desk")), [".git", "content", "public", "templates"]);
}

#[test]
fn many_threads_put_at_once() {
    let desk = Desk::new();
    for _ in 0..2 {
        let output = desk.open();
        thread::scope(|scope| {
            for t in 0..8 {
                let output = &output;
                scope.spawn(move || {
                    for n in 0..100 {
                        output.put(&format!("d{}/e{}/{t}.html", n % 10, n), b"x").unwrap();
                    }
                });
            }
        });
        output.publish(800).unwrap();
        assert_eq!(pages(&desk.out()).len(), 800);
    }
}

#[test]
fn two_files_never_share_a_path() {
    let desk = Desk::new();
    let output = desk.open();
    let check = |path: &str, other: &str| {
        let error = output.put(path, b"").unwrap_err().to_string();
        assert!(error.contains(path) && error.contains(other), "{error}");
    };
    output.put("a/caf\u{e9}.html", b"").unwrap();
    check("a/caf\u{e9}.html", "a/caf\u{e9}.html");
    check("a/cafe\u{301}.html", "a/caf\u{e9}.html");
    check("A/CAF\u{c9}.html", "a/caf\u{e9}.html");
    check("a/caf%C3%A9.html", "a/caf\u{e9}.html");
    check("a", "a/");
    let error = output.put("a/caf\u{e9}.html/b", b"").unwrap_err().to_string();
    assert!(error.contains("a file and a folder"), "{error}");
    output.put("A/other.html", b"").unwrap();
}

#[test]
fn a_bad_path_is_refused_and_not_counted() {
    let desk = Desk::new();
    let output = desk.open();
    for path in
        ["../x", "/x", "a/../x", "a\\x", "c:x", "", "a//x", ".onrecord", "con", "a.", ".git/x"]
    {
        let error = output.put(path, b"").unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput, "{path}");
    }
    output.publish(0).unwrap();
    assert_eq!(names(&desk.out()), [".onrecord"]);
    assert!(!desk.at("desk/x").exists());
}

#[test]
fn a_link_or_a_pipe_in_the_old_site_is_replaced_and_never_followed() {
    let desk = Desk::new();
    for in_place in [false, true] {
        let files = [("a.html", "secret"), ("d/b.html", "secret"), ("p", "x")];
        let reopen = || {
            if in_place {
                Output::open_in_place(&desk.out(), &desk.project()).unwrap()
            } else {
                desk.open()
            }
        };
        desk.publish(&files);
        let outside = desk.at("outside");
        fs::create_dir_all(&outside).unwrap();
        fs::write(outside.join("b.html"), "secret").unwrap();
        let out = desk.out();
        fs::remove_file(out.join("a.html")).unwrap();
        fs::remove_dir_all(out.join("d")).unwrap();
        fs::remove_file(out.join("p")).unwrap();
        symlink(outside.join("b.html"), out.join("a.html")).unwrap();
        symlink(&outside, out.join("d")).unwrap();
        symlink(&outside, out.join("gone")).unwrap();
        assert!(Command::new("mkfifo").arg(out.join("p")).status().unwrap().success());

        let published = put_all(reopen(), &files);
        assert_eq!((published.written, published.unchanged), (3, 0));
        assert!(fs::symlink_metadata(out.join("a.html")).unwrap().is_file());
        assert!(fs::symlink_metadata(out.join("d")).unwrap().is_dir());
        assert_eq!(names(&out), [".onrecord", "a.html", "d", "p"]);
        assert_eq!(names(&outside), ["b.html"]);
    }
}

#[test]
fn a_site_can_be_updated_file_by_file() {
    let desk = Desk::new();
    let first = [("a/b/c.html", "c"), ("d.html", "d"), ("e", "a file, then a folder"), ("f/g", "")];
    desk.publish(&first);
    let kept = desk.out().join("d.html");
    age(&kept);
    let before = (file_id(&kept), fs::metadata(desk.out()).unwrap().ino());
    let open = || Output::open_in_place(&desk.out(), &desk.project()).unwrap();

    let was = tree(desk.folder.path());
    let output = open();
    output.put("d.html", b"new").unwrap();
    assert_eq!(desk.refusal_in_place(), Reason::Busy);
    drop(output);
    assert_eq!(tree(desk.folder.path()), was);

    let published = put_all(open(), &[("d.html", "d"), ("e/index.html", "e"), ("f", "now a file")]);
    assert_eq!((published.written, published.unchanged, published.removed), (2, 1, 3));
    assert!(matches!(published.how, How::FileByFile(_)));
    assert_eq!(names(&desk.out()), [".onrecord", "d.html", "e", "f"]);
    assert_eq!((file_id(&kept), fs::metadata(desk.out()).unwrap().ino()), before);
}

fn amend(desk: &Desk, files: &[(&str, &str)], gone: &[&str]) -> Published {
    let output = Output::open_in_place(&desk.out(), &desk.project()).unwrap();
    for (path, text) in files {
        output.put(path, text.as_bytes()).unwrap();
    }
    let gone: Vec<String> = gone.iter().map(|path| (*path).to_owned()).collect();
    output.amend(&gone).unwrap()
}

#[test]
fn a_site_can_be_amended_without_a_look_at_the_rest() {
    let desk = Desk::new();
    let first =
        [("a/b/c.html", "c"), ("a/d.html", "d"), ("e", "a file"), ("f/g", "g"), ("same.html", "s")];
    desk.publish(&first);
    let out = desk.out();
    age(&out.join("a/d.html"));
    age(&out.join("same.html"));
    let ids = || (file_id(&out.join("a/d.html")), file_id(&out.join("same.html")));
    let before = ids();

    // Some are put, one of them as it was; some go, and the folder of one.
    let published = amend(
        &desk,
        &[("new/page.html", "n"), ("same.html", "s"), ("e", "another")],
        &["a/b/c.html", "e", "never/was.html"],
    );
    assert_eq!((published.written, published.removed), (2, 1));
    assert!(matches!(published.how, How::FileByFile(_)));
    let page = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let expected = [
        page("a/d.html", "d"),
        page("e", "another"),
        page("f/g", "g"),
        page("new/page.html", "n"),
        page("same.html", "s"),
    ];
    assert_eq!(pages(&out), BTreeMap::from(expected));
    assert!(!out.join("a/b").exists());
    assert_eq!(ids(), before);

    // A file becomes a folder and a folder a file.
    let published = amend(&desk, &[("e/index.html", "e"), ("f", "now a file")], &["e", "f/g"]);
    assert_eq!(published.written, 2);
    let expected = [
        page("a/d.html", "d"),
        page("e/index.html", "e"),
        page("f", "now a file"),
        page("new/page.html", "n"),
        page("same.html", "s"),
    ];
    assert_eq!(pages(&out), BTreeMap::from(expected));
    assert_eq!(ids(), before);

    // The next build knows it for its own and need not write it anew.
    let all = [
        ("a/d.html", "d"),
        ("e/index.html", "e"),
        ("f", "now a file"),
        ("new/page.html", "n"),
        ("same.html", "s"),
    ];
    let published = desk.publish(&all);
    assert_eq!((published.written, published.unchanged, published.removed), (0, 5, 0));
    assert_eq!(names(out.parent().unwrap()), [".git", "content", "public", "templates"]);
}

#[test]
fn an_amendment_that_is_dropped_changes_nothing() {
    let desk = Desk::new();
    desk.publish(&[("a.html", "a"), ("b.html", "b")]);
    let before = tree(desk.folder.path());
    let output = Output::open_in_place(&desk.out(), &desk.project()).unwrap();
    output.put("a.html", b"new").unwrap();
    output.put("c/d.html", b"new").unwrap();
    drop(output);
    assert_eq!(tree(desk.folder.path()), before);
}

#[test]
fn an_amendment_takes_nothing_away_that_is_not_the_sites() {
    let desk = Desk::new();
    desk.publish(&[("a.html", "a"), ("d/b.html", "b"), ("d/c.html", "c"), ("x/y.html", "y")]);
    let (out, outside) = (desk.out(), desk.at("outside"));
    fs::create_dir_all(outside.join("deep")).unwrap();
    for name in ["b.html", "c.html", "deep/z.html"] {
        fs::write(outside.join(name), "secret").unwrap();
    }
    fs::remove_dir_all(out.join("d")).unwrap();
    symlink(&outside, out.join("d")).unwrap();
    symlink(outside.join("deep/z.html"), out.join("link.html")).unwrap();
    let was = tree(&outside);
    let published = amend(
        &desk,
        &[],
        &[
            "../outside/b.html",
            "x/../../../outside/b.html",
            ".onrecord",
            "/etc/hostname",
            "d/b.html",
            "d/deep/z.html",
            "x",
            "link.html",
        ],
    );
    // The link itself lies in the site, where a page did.
    assert_eq!((published.written, published.removed), (0, 1));
    assert_eq!(tree(&outside), was);
    assert_eq!(names(&out), [".onrecord", "a.html", "d", "x"]);
    // What is put goes into the site and not through the link.
    amend(&desk, &[("d/b.html", "new")], &["d/c.html"]);
    assert_eq!(tree(&outside), was);
    assert_eq!(names(&out.join("d")), ["b.html"]);
}

#[test]
fn a_build_that_was_killed_while_it_put_the_old_site_aside_is_undone() {
    let desk = Desk::new();
    desk.publish(&[("a.html", "a")]);
    let staging = desk.at("desk/.public.onrecord");
    fs::create_dir(&staging).unwrap();
    fs::copy(desk.out().join(".onrecord"), staging.join(".onrecord")).unwrap();
    fs::rename(desk.out(), staging.join("old")).unwrap();
    drop(desk.open());
    assert_eq!(pages(&desk.out()), BTreeMap::from([("a.html".to_owned(), "a".to_owned())]));
    assert!(!staging.exists());
}

#[test]
fn the_mode_of_the_folder_is_kept() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    desk.publish(&[("a.html", "a")]);
    fs::set_permissions(desk.out(), fs::Permissions::from_mode(0o751)).unwrap();
    desk.publish(&[("a.html", "b")]);
    assert_eq!(fs::metadata(desk.out()).unwrap().mode() & 0o777, 0o751);
}

/// A site of which two versions share some files and differ in others.
fn version(n: usize) -> BTreeMap<String, String> {
    let shared = (0..60).map(|i| (format!("shared/{i}.html"), format!("page {i}")));
    let changed = (0..60).map(|i| (format!("changed/{}/{i}.html", i % 7), format!("{n} {i}")));
    let own = (0..60).map(|i| (format!("own/{n}/{i}.html"), format!("own {i}")));
    shared.chain(changed).chain(own).collect()
}

fn put_version(output: &Output, files: &BTreeMap<String, String>) -> std::io::Result<usize> {
    for (path, text) in files {
        output.put(path, text.as_bytes())?;
    }
    Ok(files.len())
}

/// Runs one of the tests below, which do nothing unless a parent asks them to.
fn child(test: &str, folder: &Path, wrapper: &[&str]) -> Command {
    let program = std::env::current_exe().unwrap();
    let mut line: Vec<_> = wrapper.iter().map(PathBuf::from).collect();
    line.push(program);
    let mut command = Command::new(&line[0]);
    command.args(&line[1..]).args(["--exact", test, "--nocapture"]).env("ONRECORD_TEST_IN", folder);
    command.stdout(std::process::Stdio::null());
    command
}

fn told_by_parent() -> Option<PathBuf> {
    std::env::var_os("ONRECORD_TEST_IN").map(PathBuf::from)
}

#[test]
fn child_that_publishes_until_killed() {
    let Some(folder) = told_by_parent() else { return };
    for n in 0.. {
        let output = Output::open(&folder.join("desk/public"), &project_in(&folder)).unwrap();
        let planned = put_version(&output, &version(n % 2)).unwrap();
        output.publish(planned).unwrap();
    }
}

#[test]
fn a_build_that_is_killed_leaves_one_whole_site() {
    let desk = Desk::new();
    let versions = [version(0), version(1)];
    desk.publish(&[]);
    let output = desk.open();
    let planned = put_version(&output, &versions[1]).unwrap();
    output.publish(planned).unwrap();

    let (mut leftovers, mut seen) = (0, [0, 0]);
    // More rounds on a machine that is too slow to get far in most of them.
    for round in 0_u64..300 {
        if round >= 30 && leftovers > 5 && seen[0] > 0 && seen[1] > 0 {
            break;
        }
        let mut child =
            child("child_that_publishes_until_killed", desk.folder.path(), &[]).spawn().unwrap();
        let nanos = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().subsec_nanos();
        thread::sleep(Duration::from_micros(5_000 + u64::from(nanos) % (60_000 + 1_000 * round)));
        child.kill().unwrap();
        child.wait().unwrap();

        let found = pages(&desk.out());
        let which = versions.iter().position(|version| *version == found);
        seen[which.expect("neither of the two versions")] += 1;
        leftovers += usize::from(desk.at("desk/.public.onrecord").exists());
        // Every other time the next child has to cope with what is left.
        if round % 2 == 0 {
            let output = desk.open();
            let planned = put_version(&output, &versions[0]).unwrap();
            output.publish(planned).unwrap();
            assert_eq!(names(&desk.at("desk")), [".git", "content", "public", "templates"]);
            assert_eq!(pages(&desk.out()), versions[0]);
        }
    }
    assert!(leftovers > 5, "the kills missed the builds: {leftovers}");
    assert!(seen[0] > 0 && seen[1] > 0, "{seen:?}");
}

/// Runs in a mount name space of its own, in which it may mount.
#[test]
fn child_that_mounts() {
    let Some(folder) = told_by_parent() else { return };
    let mount = |arguments: &[&str], at: &Path| {
        assert!(Command::new("mount").args(arguments).arg(at).status().unwrap().success());
    };
    let project = project_in(&folder);
    let versions = [version(0), version(1)];

    // A volume of its own, and a bind mount of the same device.
    for name in ["store", "volume", "bound"] {
        fs::create_dir(folder.join(name)).unwrap();
    }
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    mount(&["-t", "tmpfs", "none"], &folder.join("volume"));
    fs::create_dir(folder.join("volume/lost+found")).unwrap();
    mount(&["--bind", &text(&folder.join("store"))], &folder.join("bound"));
    for out in ["volume", "bound"].map(|name| folder.join(name)) {
        let mut kept = None;
        for files in &versions {
            let output = Output::open(&out, &project).unwrap();
            let planned = put_version(&output, files).unwrap();
            let published = output.publish(planned).unwrap();
            assert_eq!(published.how, How::FileByFile("it is a mount point"));
            assert_eq!(pages(&out), *files);
            let id = file_id(&out.join("shared/1.html"));
            assert_eq!(*kept.get_or_insert(id), id);
        }
        assert!(!names(&out).contains(&".onrecord-staging".to_owned()));
        let site = out.join("shared");
        let inside = Output::open(&folder.join("outer"), &project).unwrap();
        put_all(inside, &[("m/x", "x")]);
        mount(&["--bind", &text(&site)], &folder.join("outer/m"));
        let refused = Output::open(&folder.join("outer"), &project);
        assert!(
            matches!(refused, Err(OpenError::Refused(r)) if matches!(r.reason, Reason::Mount(_)))
        );
        assert!(Command::new("umount").arg(folder.join("outer/m")).status().unwrap().success());
    }

    // A file that cannot be linked, as another is mounted on it.
    let out = folder.join("linkless");
    let publish = |files: &BTreeMap<String, String>| {
        let output = Output::open(&out, &project).unwrap();
        let planned = put_version(&output, files).unwrap();
        output.publish(planned).unwrap()
    };
    publish(&versions[0]);
    let odd = out.join("shared/30.html");
    let before = (file_id(&odd), file_id(&out.join("shared/1.html")));
    mount(&["--bind", &text(&odd)], &odd);
    let published = publish(&versions[1]);
    assert_eq!(published.how, How::FileByFile("its unchanged files cannot be linked"));
    assert_eq!((published.written, published.unchanged, published.removed), (120, 60, 60));
    assert_eq!(pages(&out), versions[1]);
    assert_eq!((file_id(&odd), file_id(&out.join("shared/1.html"))), before);
    assert!(!folder.join(".linkless.onrecord").exists());

    // A disk that is full.
    let disk = folder.join("disk");
    fs::create_dir(&disk).unwrap();
    mount(&["-t", "tmpfs", "-o", "size=64k", "none"], &disk);
    let out = disk.join("site");
    put_all(Output::open(&out, &project).unwrap(), &[("a.html", "a")]);
    let before = tree(&disk);
    let output = Output::open(&out, &project).unwrap();
    let error = (0..100).find_map(|n| output.put(&format!("{n}"), &[0; 4096]).err()).unwrap();
    assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
    drop(output);
    assert_eq!(tree(&disk), before);
}

#[test]
fn a_mount_point_is_updated_file_by_file() {
    // The updating itself has a test that needs no mount, above.
    for name_space in [&["unshare", "-m"][..], &["unshare", "-Urm"][..]] {
        let mut probe = Command::new(name_space[0]);
        probe.args(&name_space[1..]).args(["mount", "-t", "tmpfs", "none", "/mnt"]);
        if !probe.output().is_ok_and(|output| output.status.success()) {
            continue;
        }
        let desk = Desk::new();
        let status = child("child_that_mounts", desk.folder.path(), name_space).status().unwrap();
        assert!(status.success());
        return;
    }
}

#[test]
fn child_that_may_not_write_beside_the_site() {
    let Some(folder) = told_by_parent() else { return };
    let project = project_in(&folder);
    let out = folder.join("locked/site");
    let mut kept = None;
    for text in ["one", "two"] {
        let output = Output::open(&out, &project).unwrap();
        let published = put_all(output, &[("a.html", text), ("b.html", "b")]);
        assert_eq!(published.how, How::FileByFile("the folder around it cannot be written to"));
        assert_eq!(names(&out), [".onrecord", "a.html", "b.html"]);
        let id = file_id(&out.join("b.html"));
        assert_eq!(*kept.get_or_insert(id), id);
    }
    assert!(matches!(Output::open(&folder.join("locked/new"), &project), Err(OpenError::Io(_))));
}

#[test]
fn a_site_in_a_folder_that_is_not_ours_to_write_is_updated_file_by_file() {
    use std::os::unix::fs::{PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    let desk = Desk::new();
    let allow = |path: &str, mode| {
        fs::set_permissions(desk.at(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    fs::create_dir_all(desk.at("locked/site")).unwrap();
    allow("locked", 0o555);
    let name = "child_that_may_not_write_beside_the_site";
    let mut child = child(name, desk.folder.path(), &[]);
    if fs::metadata(desk.at("locked")).unwrap().uid() == 0 {
        // Nothing is locked for root, so another user has to try.
        let program = desk.at("program");
        fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
        let mut other = Command::new(program);
        other.args(child.get_args()).env("ONRECORD_TEST_IN", desk.folder.path());
        other.stdout(std::process::Stdio::null()).current_dir("/").uid(65534).gid(65534);
        child = other;
        chown(desk.at("locked/site"), Some(65534), Some(65534)).unwrap();
        allow("", 0o755);
    }
    assert!(child.status().unwrap().success());
    allow("locked", 0o755);
}
