//! Whether the same files make the same bytes a second time.

use std::collections::BTreeMap;

use onrecord::deploy::manifest::{Entry, Growing};

use super::Failure;
use super::site::{Reading, SiteArguments, counted};

/// The most files that are named.
const SHOWN: usize = 10;

/// Reads the folder again, makes every file again, in another order and on one
/// thread, and compares. Says how many there are.
///
/// # Errors
///
/// Names the files that differ.
pub fn verify(arguments: &SiteArguments, first: Growing) -> Result<usize, Failure> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .map_err(|error| Failure::new(error.to_string()))?;
    let second = Growing::default();
    pool.install(|| {
        let Some(pass) = Reading::of(arguments)?.pass else {
            return Err(different("the files cannot be read a second time".to_owned()));
        };
        let sink = |path: &str, bytes: &[u8]| {
            second.note(path, bytes);
            Ok(())
        };
        pass.emit(&sink, &|| {})?;
        Ok(())
    })?;
    compare(&first.finished().files, &second.finished().files)
}

fn compare(
    first: &BTreeMap<String, Entry>,
    second: &BTreeMap<String, Entry>,
) -> Result<usize, Failure> {
    let mut differ: Vec<&String> = first
        .iter()
        .filter(|(path, made)| second.get(*path) != Some(made))
        .map(|(path, _)| path)
        .chain(second.keys().filter(|path| !first.contains_key(*path)))
        .collect();
    if differ.is_empty() {
        return Ok(first.len());
    }
    differ.sort();
    let mut named: Vec<String> =
        differ.iter().take(SHOWN).map(|path| format!("`{path}`")).collect();
    if differ.len() > SHOWN {
        named.push(format!("{} more", counted(differ.len() - SHOWN, "file")));
    }
    Err(different(format!("a second build makes other files: {}", named.join(", "))))
}

fn different(what: String) -> Failure {
    Failure::new(format!("{what}; the site was not built"))
        .hint("if a file was changed meanwhile, build again")
        .hint("otherwise this is a fault of onrecord: please report it")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(files: &[(&str, &str)]) -> BTreeMap<String, Entry> {
        let made = Growing::default();
        for (path, bytes) in files {
            made.note(path, bytes.as_bytes());
        }
        made.finished().files
    }

    #[test]
    fn files_that_differ_come_or_go_are_named() {
        let first = made(&[("a", "1"), ("b", "1"), ("c", "1")]);
        assert_eq!(compare(&first, &first).ok(), Some(3));
        let second = made(&[("a", "1"), ("b", "2"), ("d", "1")]);
        let error = compare(&first, &second).unwrap_err().to_string();
        assert!(error.contains("other files: `b`, `c`, `d`;"), "{error}");
        let names: Vec<String> = (10..30).map(|n| n.to_string()).collect();
        let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
        let error = compare(&made(&many), &made(&[])).unwrap_err().to_string();
        assert!(error.contains("`19`, 10 files more;"), "{error}");
    }
}
