//! Which files a site has, and what stands for their bytes.
//!
//! The finished site holds it as `deploy-manifest.json`, so that whoever
//! publishes it need not read two sites to know in what they differ.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::digest::Sha;
use crate::write::site_path;

/// The file of a site that holds its manifest, which does not list itself.
pub const MANIFEST: &str = "deploy-manifest.json";

/// The files of a site by their paths from its root, as they are named on a
/// disk; sorted by the bytes of these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The files that it consists of.
    pub files: BTreeMap<String, Entry>,
    /// Files that are no part of it any more and still lie on the host. Only
    /// what is written of a host has any.
    pub kept: BTreeMap<String, Entry>,
}

/// What stands for the bytes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Their checksum.
    pub sha256: Sha,
    /// How many there are.
    pub size: u64,
}

/// Why a text is no manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoManifest {
    /// It is not JSON, or other JSON; what the reader of JSON says.
    Json(String),
    /// A site cannot have a file of this path; why not.
    Path(String),
    /// The checksum of this path is none.
    Sha256(String),
    /// This path is there twice.
    Twice(String),
}

impl Entry {
    /// Of a file of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self { sha256: Sha::of(bytes), size: bytes.len() as u64 }
    }
}

impl Manifest {
    /// As JSON, with a line for each file: `path`, `sha256` in hexadecimal
    /// digits, `size` in bytes.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = "{\n".to_owned();
        list("files", &self.files, &mut json);
        if !self.kept.is_empty() {
            json.push_str(",\n");
            list("kept", &self.kept, &mut json);
        }
        json.push_str("\n}\n");
        json
    }

    /// Reads what [`to_json`](Self::to_json) writes. Fields that it does not
    /// know are passed over.
    ///
    /// # Errors
    ///
    /// A text that is no manifest. No path of a manifest leads out of the site.
    pub fn parse(json: &str) -> Result<Self, NoManifest> {
        let read: Read =
            serde_json::from_str(json).map_err(|error| NoManifest::Json(error.to_string()))?;
        let (files, kept) = (by_path(read.files)?, by_path(read.kept)?);
        match kept.keys().find(|path| files.contains_key(*path)) {
            Some(path) => Err(NoManifest::Twice(path.clone())),
            None => Ok(Self { files, kept }),
        }
    }
}

/// A manifest while its files are being made.
#[derive(Debug, Default)]
pub struct Growing(Mutex<BTreeMap<String, Entry>>);

impl Growing {
    /// Notes a file. Many threads may do so at once.
    pub fn note(&self, path: &str, bytes: &[u8]) {
        let entry = Entry::of(bytes);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), entry);
    }

    /// The manifest of all that were noted.
    #[must_use]
    pub fn finished(self) -> Manifest {
        let files = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        Manifest { files, kept: BTreeMap::new() }
    }
}

fn list(name: &str, files: &BTreeMap<String, Entry>, json: &mut String) {
    json.push_str(&format!("  \"{name}\": ["));
    let mut between = "\n";
    for (path, Entry { sha256, size }) in files {
        let path = serde_json::Value::from(path.as_str());
        let sha256 = sha256.hex();
        json.push_str(&format!(
            "{between}    {{\"path\": {path}, \"sha256\": \"{sha256}\", \"size\": {size}}}"
        ));
        between = ",\n";
    }
    json.push_str("\n  ]");
}

#[derive(Deserialize)]
struct Read {
    files: Vec<Line>,
    #[serde(default)]
    kept: Vec<Line>,
}

/// A file as it is listed.
#[derive(Debug, Serialize, Deserialize)]
pub struct Line {
    path: String,
    sha256: String,
    size: u64,
}

impl From<(&String, &Entry)> for Line {
    fn from((path, Entry { sha256, size }): (&String, &Entry)) -> Self {
        Self { path: path.clone(), sha256: sha256.hex(), size: *size }
    }
}

/// The files of such lines.
pub(super) fn by_path(lines: Vec<Line>) -> Result<BTreeMap<String, Entry>, NoManifest> {
    let mut files = BTreeMap::new();
    for Line { path, sha256, size } in lines {
        site_path::check(&path).map_err(|error| NoManifest::Path(error.to_string()))?;
        let sha256 = Sha::from_hex(&sha256).ok_or_else(|| NoManifest::Sha256(path.clone()))?;
        if files.insert(path.clone(), Entry { sha256, size }).is_some() {
            return Err(NoManifest::Twice(path));
        }
    }
    Ok(files)
}

impl fmt::Display for NoManifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(why) => write!(f, "it is not the JSON of a manifest: {why}"),
            Self::Path(why) => write!(f, "it lists what no site can have: {why}"),
            Self::Sha256(path) => {
                write!(f, "`{path}` has no SHA-256 of 64 lower-case hexadecimal digits")
            }
            Self::Twice(path) => write!(f, "`{path}` is listed twice"),
        }
    }
}

impl std::error::Error for NoManifest {}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(files: &[&str], kept: &[&str]) -> Manifest {
        let of = |paths: &[&str]| {
            paths.iter().map(|path| ((*path).to_owned(), Entry::of(path.as_bytes()))).collect()
        };
        Manifest { files: of(files), kept: of(kept) }
    }

    #[test]
    fn a_manifest_is_read_as_it_was_written() {
        let one = manifest(&["b \"c\".html", "a/π.css"], &[]);
        let json = one.to_json();
        assert_eq!(
            json,
            "{\n  \"files\": [\n    \
             {\"path\": \"a/π.css\", \"sha256\": \
             \"0fe1587f814a8863a2a5c89591187e5a60ad85d14728c0f5bb8e14eb2280c421\", \"size\": 8},\n    \
             {\"path\": \"b \\\"c\\\".html\", \"sha256\": \
             \"7951205215c96b418622febdffa1841a07b5560519f891a00cd14a0ff94857a1\", \"size\": 10}\n  ]\n}\n"
        );
        for one in [one, manifest(&["a"], &["b"]), manifest(&[], &[]), manifest(&[], &["c"])] {
            assert_eq!(Manifest::parse(&one.to_json()), Ok(one));
        }
    }

    #[test]
    fn what_is_no_manifest_is_refused_and_named() {
        let sha = Sha::of(b"").hex();
        let line = |path: &str, sha: &str| {
            format!("{{\"path\":\"{path}\",\"sha256\":\"{sha}\",\"size\":0}}")
        };
        let check = |json: &str, expected: &str| {
            let error = Manifest::parse(json).unwrap_err().to_string();
            assert!(error.contains(expected), "{json}: {error}");
        };
        check("", "not the JSON of a manifest: EOF");
        check("[]", "not the JSON of a manifest");
        check("{\"pages\": []}", "missing field `files`");
        check(&format!("{{\"files\":[{}]}}", line("a", "00")), "`a` has no SHA-256");
        check(&format!("{{\"files\":[{0},{0}]}}", line("a", &sha)), "`a` is listed twice");
        let both = format!("{{\"files\":[{0}],\"kept\":[{0}]}}", line("a", &sha));
        check(&both, "`a` is listed twice");
        for path in ["../a", "/etc/passwd", "a\\nb", "a/../../b"] {
            check(&format!("{{\"files\":[{}]}}", line(path, &sha)), "no site can have");
        }
    }
}
