//! A site that is built in parts, as on several machines at once.
//!
//! Which part a file belongs to follows from its path alone. Each part says in
//! a file of its own what it is a part of and what it consists of, so that
//! whoever puts them together can tell whether they are all there, are whole,
//! and come of one site.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::manifest::{Line, Manifest, NoManifest, by_path};
use crate::digest::Sha;

/// The file in which a part says what it is. It is no file of the site.
pub const MARKER: &str = "onrecord-shard.json";

/// One of several parts of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which one, from 1.
    number: u32,
    /// Of how many.
    of: u32,
}

impl Shard {
    /// The only part: the whole site.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// This one of so many, counted from 1; `None` where there is none such.
    #[must_use]
    pub fn new(number: u32, of: u32) -> Option<Self> {
        (1..=of).contains(&number).then_some(Self { number, of })
    }

    /// Whether a file belongs to it: the first eight bytes of the SHA-256 of its
    /// path from the site's root, read as a number with the highest byte first,
    /// leave the part's number less one when divided by the number of parts.
    ///
    /// This never changes, so that a part keeps its files from build to build.
    #[must_use]
    pub fn has(self, path: &str) -> bool {
        if self.of == 1 {
            return true;
        }
        let Sha(bytes) = Sha::of(path.as_bytes());
        let number = bytes[..8].iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
        number % u64::from(self.of) == u64::from(self.number - 1)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl FromStr for Shard {
    type Err = &'static str;

    /// `3/16` is the third of sixteen.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let shard = text.split_once('/').and_then(|(number, of)| {
            let plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse());
            Self::new(plain(number)?.ok()?, plain(of)?.ok()?)
        });
        shard.ok_or("write `3/16` for the third of sixteen; the first is `1/16`")
    }
}

/// What a part says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which part it is.
    pub shard: Shard,
    /// What stands for the site: equal for parts that belong together.
    pub site: String,
    /// Whether the site has a manifest.
    pub has_manifest: bool,
    /// Its files, without the one that says this.
    pub files: Manifest,
    /// What its pages need of pages of other parts.
    pub anchors: Vec<Anchor>,
}

/// An anchor that a page of another part has to have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Anchor {
    /// The file of the page that has to have it.
    pub page: String,
    /// Its id.
    pub anchor: String,
    /// The first page that links to it.
    pub from: String,
    /// The link as it is written there.
    pub link: String,
}

#[derive(Serialize, Deserialize)]
struct Written {
    shard: String,
    site: String,
    manifest: bool,
    files: Vec<Line>,
    anchors: Vec<Anchor>,
}

impl Part {
    /// As JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let written = Written {
            shard: self.shard.to_string(),
            site: self.site.clone(),
            manifest: self.has_manifest,
            files: self.files.files.iter().map(Line::from).collect(),
            anchors: self.anchors.clone(),
        };
        let json = serde_json::to_string(&written).expect("texts and numbers are always JSON");
        format!("{json}\n")
    }

    /// Reads what [`to_json`](Self::to_json) writes.
    ///
    /// # Errors
    ///
    /// A text that is not that.
    pub fn parse(json: &str) -> Result<Self, NoManifest> {
        let read: Written =
            serde_json::from_str(json).map_err(|error| NoManifest::Json(error.to_string()))?;
        Ok(Self {
            shard: read.shard.parse().map_err(|why: &str| NoManifest::Json(why.to_owned()))?,
            site: read.site,
            has_manifest: read.manifest,
            files: Manifest { files: by_path(read.files)?, kept: BTreeMap::new() },
            anchors: read.anchors,
        })
    }
}

/// Why some parts do not make a site; parts are named by their place in what
/// was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotWhole {
    /// These two come of different sites, or of different versions of one.
    OtherSite(usize, usize),
    /// These two are parts of different numbers of parts.
    OtherCount(usize, usize),
    /// These two are the same part.
    Twice(usize, usize),
    /// These parts are not there.
    Missing(Vec<Shard>),
    /// These two have a file of the same path.
    SameFile(usize, usize, String),
}

/// The manifest of the site that these parts are, if they are all of it.
///
/// # Errors
///
/// What keeps them from being one whole site.
pub fn whole(parts: &[Part]) -> Result<Manifest, NotWhole> {
    let mut there: BTreeMap<u32, usize> = BTreeMap::new();
    let mut files = BTreeMap::new();
    let mut owner: BTreeMap<&str, usize> = BTreeMap::new();
    for (n, part) in parts.iter().enumerate() {
        if part.shard.of != parts[0].shard.of {
            return Err(NotWhole::OtherCount(0, n));
        }
        if (&part.site, part.has_manifest) != (&parts[0].site, parts[0].has_manifest) {
            return Err(NotWhole::OtherSite(0, n));
        }
        if let Some(other) = there.insert(part.shard.number, n) {
            return Err(NotWhole::Twice(other, n));
        }
        for (path, entry) in &part.files.files {
            if let Some(other) = owner.insert(path, n) {
                return Err(NotWhole::SameFile(other, n, path.clone()));
            }
            files.insert(path.clone(), *entry);
        }
    }
    let of = parts.first().map_or(1, |part| part.shard.of);
    let missing = (1..=of).filter(|number| !there.contains_key(number));
    let missing: Vec<Shard> = missing.map(|number| Shard { number, of }).collect();
    if missing.is_empty() {
        Ok(Manifest { files, kept: BTreeMap::new() })
    } else {
        Err(NotWhole::Missing(missing))
    }
}

#[cfg(test)]
mod tests {
    use super::super::manifest::Entry;
    use super::*;

    fn part(shard: &str, site: &str, files: &[&str]) -> Part {
        let files = files.iter().map(|path| ((*path).to_owned(), Entry::of(b"x"))).collect();
        let anchors = vec![Anchor {
            page: "a.html".into(),
            anchor: "π".into(),
            from: "b.html".into(),
            link: "a.html#%CF%80".into(),
        }];
        Part {
            shard: shard.parse().unwrap(),
            site: site.to_owned(),
            has_manifest: true,
            files: Manifest { files, kept: BTreeMap::new() },
            anchors,
        }
    }

    #[test]
    fn a_part_of_a_whole_number_of_parts_counts_from_one() {
        assert_eq!("3/16".parse(), Ok(Shard { number: 3, of: 16 }));
        for wrong in ["", "3", "0/16", "17/16", "1/0", "-1/4", "+1/4", "1/ 4", "a/b", "1/4/5", "/"]
        {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_path_belongs_to_one_part_and_always_to_the_same() {
        // Reckoned from what `sha256sum` says: 0eb54730…, 37ec5832….
        let of = |path: &str, of| {
            let owners = (1..=of).filter(|n| Shard::new(*n, of).unwrap().has(path));
            let owners: Vec<u32> = owners.collect();
            assert_eq!(owners.len(), 1, "{path}");
            owners[0]
        };
        assert_eq!(of("index.html", 1), 1);
        assert_eq!((of("index.html", 16), of("claims/a/b.html", 16)), (11, 12));
        assert_eq!((of("index.html", 7), of("claims/a/b.html", 7)), (6, 4));
    }

    #[test]
    fn a_part_is_read_as_it_was_written() {
        let one = part("2/3", "s", &["a.html", "b \"c\".css"]);
        assert_eq!(Part::parse(&one.to_json()), Ok(one));
        assert!(Part::parse("{}").is_err());
    }

    #[test]
    fn parts_make_a_site_only_if_they_are_all_of_it() {
        let [a, b] = [part("1/2", "s", &["a"]), part("2/2", "s", &["b"])];
        let joined = whole(&[b.clone(), a.clone()]).unwrap();
        assert!(joined.files.keys().eq(["a", "b"]));
        assert!(whole(&[part("1/1", "s", &["a"])]).is_ok());
        assert_eq!(whole(std::slice::from_ref(&a)), Err(NotWhole::Missing(vec![b.shard])));
        assert_eq!(whole(&[a.clone(), b, a.clone()]), Err(NotWhole::Twice(0, 2)));
        assert_eq!(whole(&[a.clone(), part("2/2", "t", &["b"])]), Err(NotWhole::OtherSite(0, 1)));
        assert_eq!(whole(&[a.clone(), part("2/3", "s", &["b"])]), Err(NotWhole::OtherCount(0, 1)));
        let same = NotWhole::SameFile(0, 1, "a".into());
        assert_eq!(whole(&[a, part("2/2", "s", &["a"])]), Err(same));
    }
}
