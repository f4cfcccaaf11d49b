//! The order of the `mod` lines in `src/lib.rs` is the architecture: a module
//! uses only modules above it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The modules of the library, in the order of their `mod` lines.
fn modules() -> Vec<String> {
    let lib = fs::read_to_string(Path::new(ROOT).join("src/lib.rs")).expect("the library is there");
    lib.lines()
        .filter_map(|line| line.strip_prefix("pub ").unwrap_or(line).strip_prefix("mod "))
        .map(|rest| rest.trim_end_matches(';').to_owned())
        .collect()
}

/// The files of a module, each with how many modules deep it lies below the
/// crate: 1 for `src/audit.rs` and `src/view/mod.rs`, 2 for `src/view/card.rs`.
fn files(module: &str) -> Vec<(PathBuf, usize)> {
    let src = Path::new(ROOT).join("src");
    let mut files = Vec::new();
    let mut folders = Vec::new();
    if src.join(format!("{module}.rs")).is_file() {
        files.push((src.join(format!("{module}.rs")), 1));
    }
    if src.join(module).is_dir() {
        folders.push((src.join(module), 1));
    }
    while let Some((folder, depth)) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("its entries can be read").path();
            if path.is_dir() {
                folders.push((path, depth + 1));
            } else if path.extension().is_some_and(|e| e == "rs") {
                files.push((path.clone(), depth + usize::from(!path.ends_with("mod.rs"))));
            }
        }
    }
    files
}

/// The top-level modules that a text names by `crate::` or by as many `super::`
/// as lead up to the crate. Comments may name whatever they like.
fn named(text: &str, depth: usize) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    let mut depth = depth;
    let code: Vec<&str> = text.lines().filter(|l| !l.trim_start().starts_with("//")).collect();
    for (n, line) in code.iter().enumerate() {
        if line.starts_with("mod ") && line.ends_with('{') {
            depth += 1; // An inner module, such as the tests at the foot.
        } else if *line == "}"
            && code[..n].iter().any(|l| l.starts_with("mod ") && l.ends_with('{'))
        {
            depth = depth.saturating_sub(1).max(1);
        }
        for start in ["crate::".to_owned(), "super::".repeat(depth)] {
            for (at, _) in line.match_indices(&start) {
                let before = &line[..at];
                let is_path = !before.ends_with(|c: char| c.is_alphanumeric() || "_:$".contains(c));
                if is_path {
                    named.extend(firsts(&line[at + start.len()..], &code[n + 1..]));
                }
            }
        }
    }
    named
}

/// The first names of a path or of the paths of a group.
fn firsts(rest: &str, following: &[&str]) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let Some(group) = rest.strip_prefix('{') else { return vec![name(rest)] };
    let text = format!("{group}\n{}", following.join("\n"));
    let mut names = vec![];
    let mut depth = 0;
    let mut one = String::new();
    for c in text.chars() {
        match c {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(name(&std::mem::take(&mut one))),
            _ => {}
        }
        if c != ',' || depth > 0 {
            one.push(c);
        }
    }
    names.push(name(&one));
    names.retain(|n| !n.is_empty());
    names
}

#[test]
fn a_module_uses_only_modules_above_it() {
    let modules = modules();
    assert!(modules.len() > 10, "src/lib.rs is read wrongly: {modules:?}");
    let mut wrong = Vec::new();
    for (n, module) in modules.iter().enumerate() {
        let files = files(module);
        assert!(!files.is_empty(), "the module `{module}` has no file");
        for (file, depth) in files {
            let text = fs::read_to_string(&file).expect("the file can be read");
            for used in named(&text, depth) {
                match modules.iter().position(|m| *m == used) {
                    Some(other) if other > n => {
                        wrong.push(format!(
                            "{} uses `{used}`, which is below `{module}`",
                            file.display()
                        ));
                    }
                    _ => {}
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_of_the_library_belongs_to_a_module() {
    let known: BTreeSet<PathBuf> =
        modules().iter().flat_map(|m| files(m)).map(|(f, _)| f).collect();
    let src = Path::new(ROOT).join("src");
    for entry in fs::read_dir(&src).expect("src can be read") {
        let path = entry.expect("its entries can be read").path();
        let is_program = ["main.rs", "lib.rs", "cli", "cli.rs"].iter().any(|p| path.ends_with(p));
        let is_known = known.iter().any(|file| file.starts_with(&path));
        assert!(is_program || is_known, "{} is in no `mod` line", path.display());
    }
}

#[test]
fn every_way_to_name_a_module_is_seen() {
    let check = |text: &str, depth: usize, expected: &[&str]| {
        let found: Vec<String> = named(text, depth).into_iter().collect();
        assert_eq!(found, expected, "{text}");
    };
    check("use crate::plan::route;", 1, &["plan"]);
    check("let x = crate::view::view(y);", 1, &["view"]);
    check("use crate::{date, model::{claim, page}, write};", 1, &["date", "model", "write"]);
    check("use crate::{\n    date,\n    model::{claim},\n};", 1, &["date", "model"]);
    check("use super::write::Output;", 1, &["write"]);
    check("use super::write::Output;", 2, &[]);
    check("use super::super::write::Output;", 2, &["write"]);
    check("mod tests {\n    use super::super::write;\n}", 1, &["write"]);
    check("/// See [`write`](crate::write).", 1, &[]);
    check("use other_crate::write;", 1, &[]);
}
