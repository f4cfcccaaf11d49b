//! The same input gives the same bytes, whatever the machine around it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use walkdir::WalkDir;

/// Every file below `folder`, by its path from there.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    WalkDir::new(folder)
        .into_iter()
        .map(|entry| entry.expect("the folder can be read"))
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let below = entry.path().strip_prefix(folder).expect("it was found there").to_owned();
            (below, fs::read(entry.path()).expect("the file can be read"))
        })
        .collect()
}

/// The demo record, and a site whose names differ only for people.
fn sites() -> Vec<BTreeMap<PathBuf, Vec<u8>>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut demo: BTreeMap<_, _> = files(&root.join("content"))
        .into_iter()
        .map(|(path, bytes)| (Path::new("content").join(path), bytes))
        .collect();
    demo.insert("site.yaml".into(), fs::read(root.join("site.yaml")).expect("the demo is there"));

    let mut names = BTreeMap::new();
    names.insert("site.yaml".into(), b"title: Names\nlanguage: uk\n".to_vec());
    for (n, name) in ["Ґалаґан", "Галич", "Їжак", "Ивченко", "Ada", "ada", "Ádám", "中国", "Zoë"]
        .iter()
        .enumerate()
    {
        names.insert(
            format!("content/speakers/p{n}.md").into(),
            format!("---\nname: {name}\n---\n").into_bytes(),
        );
        names.insert(
            format!("content/briefings/b{n}.md").into(),
            format!(
                "---\ntitle: The same title\ndate: 2025-0{}\nspeakers: [{name}]\nclaims:\n  \
                 - {{id: a, text: A, speaker: p{n}, topics: [Trade]}}\n---\n\
                 {name} spoke.\n",
                n % 3 + 1
            )
            .into_bytes(),
        );
    }
    // Two names that differ in case only are one name to onrecord.
    names.remove(Path::new("content/speakers/p5.md"));
    names.remove(Path::new("content/briefings/b5.md"));
    vec![demo, names]
}

/// Writes a site out, its files made in this order.
fn lay_out<'a>(files: impl Iterator<Item = (&'a PathBuf, &'a Vec<u8>)>) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("folders can be made");
        fs::write(path, bytes).expect("files can be written");
    }
    folder
}

/// Builds the site and gives what was written, and what was said.
fn build(
    site: &Path,
    from: &Path,
    environment: &[(&str, &str)],
) -> (BTreeMap<PathBuf, Vec<u8>>, String) {
    let out = tempfile::tempdir().expect("a temporary folder can be made");
    let output = out.path().join("site");
    let said = Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .args(["build".as_ref(), site, "--output".as_ref(), &output])
        .args(["--as-of", "2025-06-01T00:00:00Z", "--quiet"])
        .current_dir(from)
        .envs(environment.iter().copied())
        .output()
        .expect("the program runs");
    let words = String::from_utf8(said.stderr).expect("it writes UTF-8");
    assert!(said.status.success(), "{words}");
    (files(&output), words)
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for site in sites() {
        let forwards = lay_out(site.iter());
        let backwards = lay_out(site.iter().rev());
        let (here, dot) = (forwards.path(), Path::new("."));
        let root = Path::new("/");
        let first = build(here, here, &[]);
        assert!(first.0.len() > 10);
        let check = |what: &str, other: (BTreeMap<PathBuf, Vec<u8>>, String)| {
            for (path, bytes) in &first.0 {
                let other = other.0.get(path).map(|b| String::from_utf8_lossy(b));
                let one = String::from_utf8_lossy(bytes);
                assert_eq!(other.as_ref(), Some(&one), "{what}: {}", path.display());
            }
            assert!(other.0.keys().eq(first.0.keys()), "{what}: other files");
            assert_eq!(other.1, first.1, "{what}: other problems");
        };
        check("a second time", build(here, here, &[]));
        check("files made in another order", build(backwards.path(), root, &[]));
        check("from within the folder", build(dot, here, &[]));
        check("from elsewhere", build(here, root, &[]));
        for zone in ["Pacific/Kiritimati", "America/Adak", "nonsense"] {
            check(zone, build(here, here, &[("TZ", zone)]));
        }
        for locale in ["C", "tr_TR.UTF-8", "uk_UA.UTF-8", "zh_CN.GB18030"] {
            check(locale, build(here, here, &[("LANG", locale), ("LC_ALL", locale)]));
        }
        for threads in ["1", "2", "8"] {
            check(threads, build(here, here, &[("RAYON_NUM_THREADS", threads)]));
        }
    }
}

#[test]
fn a_site_that_is_built_over_its_old_self_equals_a_new_one() {
    let site = sites().remove(0);
    let folder = lay_out(site.iter());
    let out = folder.path().join("public");
    let run = || {
        let status = Command::new(env!("CARGO_BIN_EXE_onrecord"))
            .args(["build".as_ref(), folder.path(), "--output".as_ref(), &out])
            .args(["--as-of", "2025-06-01T00:00:00Z", "--quiet"])
            .status();
        assert!(status.expect("the program runs").success());
        files(&out)
    };
    let first = run();
    let briefing = folder.path().join("content/briefings/one-more.md");
    fs::write(&briefing, "---\ntitle: One more\ndate: 2025\n---\nMore.\n")
        .expect("it can be written");
    let second = run();
    assert!(second.len() > first.len());
    assert!(second == build(folder.path(), folder.path(), &[]).0);
    fs::remove_file(&briefing).expect("it can be removed");
    assert!(run() == first);
}
