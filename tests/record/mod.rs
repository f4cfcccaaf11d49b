//! A small record that can be edited at random, in all the ways in which people
//! and programs write files.

#![allow(dead_code, reason = "each test uses what it needs of this")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::thread;
use std::time::Duration;

use walkdir::WalkDir;

/// A random sequence, the same for the same seed.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// By `SplitMix64`.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).unwrap()
    }

    pub fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
}

/// How a file is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Written over.
    Plain,
    /// Written over, in two parts.
    InTwo,
    /// Written beside, and renamed.
    Renamed,
    /// The old file renamed, the new one written, the old one removed.
    Vim,
    /// With a lock, an automatic save and a backup beside.
    Emacs,
    /// As `sed -i`.
    Sed,
}

impl Manner {
    pub const ALL: [Self; 6] =
        [Self::Plain, Self::InTwo, Self::Renamed, Self::Vim, Self::Emacs, Self::Sed];
}

/// Saves a file, making the folders that it needs.
pub fn save(path: &Path, bytes: &[u8], manner: Manner) {
    let (folder, name) = (path.parent().unwrap(), path.file_name().unwrap().to_str().unwrap());
    fs::create_dir_all(folder).unwrap();
    let beside = |name: String| folder.join(name);
    match manner {
        Manner::Plain => fs::write(path, bytes).unwrap(),
        Manner::InTwo => {
            let (one, two) = bytes.split_at(bytes.len() / 2);
            fs::write(path, one).unwrap();
            thread::sleep(Duration::from_millis(2));
            let mut file = fs::OpenOptions::new().append(true).open(path).unwrap();
            std::io::Write::write_all(&mut file, two).unwrap();
        }
        Manner::Renamed | Manner::Sed => {
            let other = match manner {
                Manner::Sed => beside("sedWq3x1v".to_owned()),
                _ => beside(format!(".{name}.tmp")),
            };
            fs::write(&other, bytes).unwrap();
            fs::rename(&other, path).unwrap();
        }
        Manner::Vim => {
            let (swap, backup) = (beside(format!(".{name}.swp")), beside(format!("{name}~")));
            fs::write(&swap, b"b0VIM 9.1").unwrap();
            fs::write(beside("4913".to_owned()), b"").unwrap();
            fs::remove_file(beside("4913".to_owned())).unwrap();
            let is_there = path.exists();
            if is_there {
                fs::rename(path, &backup).unwrap();
            }
            fs::write(path, bytes).unwrap();
            if is_there {
                fs::remove_file(&backup).unwrap();
            }
            fs::remove_file(&swap).unwrap();
        }
        Manner::Emacs => {
            let (lock, saved) = (beside(format!(".#{name}")), beside(format!("#{name}#")));
            let _ = fs::remove_file(&lock);
            symlink("desk@desk.4711:1748736000", &lock).unwrap();
            fs::write(&saved, bytes).unwrap();
            if path.exists() {
                fs::copy(path, beside(format!("{name}~"))).unwrap();
            }
            fs::write(path, bytes).unwrap();
            fs::remove_file(&saved).unwrap();
            fs::remove_file(&lock).unwrap();
            let _ = fs::remove_file(beside(format!("{name}~")));
        }
    }
}

/// Every file below a folder, by its path from there. One that goes while they
/// are read is left out.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = WalkDir::new(folder).into_iter().filter_map(Result::ok);
    entries
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| {
            let below = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            Some((below, fs::read(entry.path()).ok()?))
        })
        .collect()
}

/// A briefing of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Briefing {
    title: String,
    date: String,
    is_draft: bool,
    /// Somebody who has no file.
    guest: Option<String>,
    /// Who says what.
    claims: Vec<(String, String)>,
    sentences: Vec<String>,
}

impl Briefing {
    fn new(chance: &mut Chance) -> Self {
        let day = chance.below(28) + 1;
        let mut briefing = Self {
            title: format!("What was said of {}", words(chance)),
            date: format!("2025-0{}-{day:02}", chance.below(5) + 1),
            is_draft: false,
            guest: None,
            claims: Vec::new(),
            sentences: vec!["The desk spoke to both of them.".to_owned()],
        };
        for _ in 0..=chance.below(3) {
            briefing.claims.push((chance.one(&SPEAKERS).to_owned(), words(chance)));
        }
        briefing
    }

    fn text(&self) -> String {
        let mut text = format!("---\ntitle: {}\ndate: {}\n", self.title, self.date);
        if self.is_draft {
            text.push_str("draft: true\n");
        }
        let guest = self.guest.as_ref().map(|name| format!(", {{name: {name}, role: guest}}"));
        text.push_str(&format!("speakers: [anna{}]\n", guest.unwrap_or_default()));
        text.push_str("territories: [isle]\ntopics: [Trade]\nclaims:\n");
        for (n, (speaker, words)) in self.claims.iter().enumerate() {
            text.push_str(&format!(
                "  - id: c{n}\n    text: \"It is {words}.\"\n    speaker: {speaker}\n    \
                 about: [boris]\n    territories: [port]\n    quote: {{exact: \"{words}\", prefix: \"{n}: \"}}\n"
            ));
            if n == 1 {
                text.push_str(
                    "    proposition: price\n    relations: [{type: disputes, target: c0}]\n",
                );
            }
        }
        text.push_str("---\n# The text\n\n");
        for (n, (_, words)) in self.claims.iter().enumerate() {
            text.push_str(&format!("As was said in {n}: {words}. \n"));
        }
        text.push('\n');
        for sentence in &self.sentences {
            text.push_str(sentence);
            text.push('\n');
        }
        text
    }
}

const SPEAKERS: [&str; 3] = ["anna", "boris", "the-board"];

const WORDS: [&str; 12] = [
    "harbour",
    "tax",
    "ferry",
    "winter",
    "price",
    "grain",
    "road",
    "treaty",
    "Ökologie",
    "право",
    "quota",
    "pier",
];

fn words(chance: &mut Chance) -> String {
    let mut some = || chance.one(&WORDS);
    format!("{} {} {}", some(), some(), some())
}

/// An outline that depends on a number.
fn square(n: usize) -> String {
    format!(
        "{{\"type\": \"Polygon\", \"coordinates\": [[[{n},54],[{n}.5,54],[{n}.5,55],[{n},54]]]}}\n"
    )
}

/// A record: its briefings, its other files, and the mistake that is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    briefings: BTreeMap<String, Briefing>,
    others: BTreeMap<String, Vec<u8>>,
    mistake: Option<(String, Vec<u8>)>,
    count: usize,
}

impl Record {
    pub fn new() -> Self {
        let mut chance = Chance::new(1);
        let mut briefings = BTreeMap::new();
        for n in 0..6 {
            briefings.insert(format!("content/briefings/b{n}.md"), Briefing::new(&mut chance));
        }
        let others = [
            // An index of words is remade after every edit, and takes longer than
            // all else; some edits of the settings turn it on.
            ("site.yaml", "title: The desk\nbase_url: https://desk.example/\nsearch: false\n"),
            (
                "content/speakers/anna.md",
                "---\nname: Anna Ask\naffiliation: The Board\n---\nShe asks.\n",
            ),
            (
                "content/speakers/boris.md",
                "---\nname: Boris Beck\naliases: [Boris]\n---\nSee [[isle]].\n",
            ),
            ("content/speakers/the-board.md", "---\nname: The Board\nrole: A board\n---\n"),
            (
                "content/territories/isle.md",
                "---\nname: The Isle\ngeometry: isle.geojson\n---\nAn isle.\n",
            ),
            ("geo/isle.geojson", &square(20)),
            ("content/territories/port.md", "---\nname: The Port\npart_of: [isle]\n---\n"),
            ("content/propositions/price.md", "---\ntext: The price will rise.\n---\n"),
            ("content/pages/about.md", "---\ntitle: About\n---\n![A mark](/mark.svg)\n"),
            ("static/mark.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
            ("static/data/figures.json", "[1, 2, 3]"),
        ];
        let others = others.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into();
        Self { briefings, others, mistake: None, count: 0 }
    }

    /// All files as they should be.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let briefings =
            self.briefings.iter().map(|(path, b)| (path.clone(), b.text().into_bytes()));
        let mut files: BTreeMap<String, Vec<u8>> = briefings.collect();
        files.extend(self.others.clone());
        files.extend(self.mistake.clone());
        files
    }

    /// The path below which the site is served.
    pub fn base(&self) -> String {
        let config = String::from_utf8_lossy(&self.others["site.yaml"]).into_owned();
        let after = config.split("https://desk.example").nth(1).unwrap_or("/\n");
        after.lines().next().unwrap().to_owned()
    }

    pub fn lay_out(&self, root: &Path) {
        for (path, bytes) in self.files() {
            save(&root.join(path), &bytes, Manner::Plain);
        }
    }

    /// Makes a folder that holds this record hold another, as a version control
    /// system does: what is gone is removed, what is another is written.
    pub fn become_(&mut self, other: &Self, root: &Path, manner: Manner) {
        let (before, after) = (self.files(), other.files());
        for path in before.keys().filter(|path| !after.contains_key(*path)) {
            fs::remove_file(root.join(path)).unwrap();
            // As git, which keeps no empty folders.
            let mut folder = Path::new(path).parent();
            while let Some(empty) = folder.filter(|f| f.components().count() > 2) {
                if fs::remove_dir(root.join(empty)).is_err() {
                    break;
                }
                folder = empty.parent();
            }
        }
        for (path, bytes) in after.iter().filter(|(path, bytes)| before.get(*path) != Some(bytes)) {
            save(&root.join(path), bytes, manner);
        }
        let count = self.count;
        *self = Self { count, ..other.clone() };
    }

    /// Edits something at random and says what.
    pub fn edit(
        &mut self,
        chance: &mut Chance,
        root: &Path,
        manner: Manner,
        branch: &Self,
        is_broken: bool,
    ) -> String {
        self.count += 1;
        let n = self.count;
        let mut next = self.clone();
        let paths: Vec<String> = self.briefings.keys().cloned().collect();
        let Some(path) = (!paths.is_empty()).then(|| chance.one(&paths)) else {
            self.become_(branch, root, manner);
            return "all briefings back".to_owned();
        };
        let briefing = next.briefings.get_mut(&path).unwrap();
        let what = match chance.below(if is_broken { 12 } else { 34 }) {
            0 | 1 => {
                let more = match chance.below(7) {
                    0 => "[[Anna Ask]] said no more.".to_owned(),
                    1 => "See [the first claim](claim:c0).".to_owned(),
                    2 => "See [the isle](territory:isle) and [figures](/data/figures.json).".into(),
                    3 => "The Port was not named.\n\n## Another heading\n".to_owned(),
                    _ => format!("Sentence {n} on {}.", words(chance)),
                };
                briefing.sentences.push(more);
                format!("a sentence more in {path}")
            }
            2 => {
                let kept = briefing.sentences.len().min(1);
                briefing.sentences.truncate(kept);
                format!("sentences taken out of {path}")
            }
            3 | 4 => {
                let c = chance.below(briefing.claims.len());
                briefing.claims[c].1 = words(chance);
                format!("other words of claim {c} in {path}")
            }
            5 => {
                let c = chance.below(briefing.claims.len());
                chance.one(&SPEAKERS).clone_into(&mut briefing.claims[c].0);
                format!("another speaker of claim {c} in {path}")
            }
            6 => {
                briefing.title = format!("On {} {n}", words(chance));
                format!("another title of {path}")
            }
            7 => {
                briefing.date = format!("2025-0{}", chance.below(5) + 1);
                format!("another date of {path}")
            }
            8 => {
                briefing.is_draft ^= true;
                format!("{path} is a draft, or none any more")
            }
            9 => {
                briefing.guest = chance.one(&[None, Some(format!("Guest {}", n % 5))]);
                format!("another guest in {path}")
            }
            10 => {
                let claim = (chance.one(&SPEAKERS).to_owned(), words(chance));
                if briefing.claims.len() < 5 && chance.below(2) == 0 {
                    briefing.claims.push(claim);
                } else {
                    briefing.claims.truncate(1);
                }
                format!("more claims, or fewer, in {path}")
            }
            11 => {
                let text =
                    format!("---\nname: Anna Ask {n}\naliases: [Anna Ask]\n---\nShe asks.\n");
                next.others.insert("content/speakers/anna.md".to_owned(), text.into());
                "another name for Anna".to_owned()
            }
            12 => {
                let folders = ["2025/spring", "2025/spring/late", "deep/a/b/c", "2024"];
                let path = format!("content/briefings/{}/n{n}.md", chance.one(&folders));
                next.briefings.insert(path.clone(), Briefing::new(chance));
                format!("new: {path}")
            }
            13 | 27 | 28 if paths.len() > 10 => {
                next.briefings.remove(&path);
                format!("removed: {path}")
            }
            14 => {
                let to =
                    format!("content/briefings/{}r{n}.md", chance.one(&["", "moved/", "2025/"]));
                fs::create_dir_all(root.join(&to).parent().unwrap()).unwrap();
                fs::rename(root.join(&path), root.join(&to)).unwrap();
                let moved = self.briefings.remove(&path).unwrap();
                self.briefings.insert(to.clone(), moved);
                return format!("{path} renamed to {to}");
            }
            15 => {
                let Some((folder, _)) =
                    path.strip_prefix("content/briefings/").and_then(|rest| rest.split_once('/'))
                else {
                    return self.edit(chance, root, manner, branch, is_broken);
                };
                let (from, to) = (
                    format!("content/briefings/{folder}/"),
                    format!("content/briefings/{folder}-{n}/"),
                );
                fs::rename(root.join(&from), root.join(&to)).unwrap();
                let all = std::mem::take(&mut self.briefings);
                self.briefings = all
                    .into_iter()
                    .map(|(path, b)| match path.strip_prefix(&from) {
                        Some(rest) => (format!("{to}{rest}"), b),
                        None => (path, b),
                    })
                    .collect();
                return format!("{from} renamed to {to}");
            }
            16 => {
                let block = chance.one(&["footer", "head"]);
                let name = chance.one(&["briefing.html", "speaker.html", "home.html", "base.html"]);
                let path = format!("templates/{name}");
                let text = format!(
                    "{{% extends \"onrecord/{name}\" %}}\n{{% block {block} %}}{{{{ super() }}}}<!-- {n} -->{{% endblock %}}\n"
                );
                if next.others.remove(&path).is_none() || chance.below(2) == 0 {
                    next.others.insert(path.clone(), text.into());
                }
                format!("template {path}")
            }
            17 => {
                let css = format!("p {{ margin: {n}px }}\n");
                next.others.insert("themes/own/style.css".to_owned(), css.into());
                next.others.insert(
                    "themes/own/theme.yaml".to_owned(),
                    b"name: own\ndescription: Ours.\nstyles: [style.css]\n".to_vec(),
                );
                let text =
                    "title: The desk\nbase_url: https://desk.example/\ntheme: own\nsearch: false\n";
                next.others.insert("site.yaml".to_owned(), text.into());
                "theme".to_owned()
            }
            18 => {
                let text = chance.one(&[
                    "title: The desk\nbase_url: https://desk.example/\nsearch: false\n",
                    "title: The other desk\nbase_url: https://desk.example/\nlanguage: de\nsearch: false\n",
                    "title: The desk\nbase_url: https://desk.example/below/it/\nsearch: false\n",
                    "title: The desk\nsearch: false\n",
                    "title: The desk\nsearch: false\nnav: [{title: About, url: /about.html}]\n",
                    "title: The desk\nlanguage: uk\n",
                ]);
                next.others.insert("site.yaml".to_owned(), text.into());
                format!("settings: {text:?}")
            }
            19 | 20 => {
                let path = format!(
                    "static/{}",
                    chance.one(&["x.txt", "new/deep/y.bin", "data/z.csv", "with space.txt"])
                );
                if next.others.remove(&path).is_none() || chance.below(3) > 0 {
                    let large = vec![u8::try_from(n % 251).unwrap(); chance.one(&[0, 1, 70_000])];
                    next.others.insert(path.clone(), large);
                }
                format!("file {path}")
            }
            21 if paths.len() < 14 => {
                for (path, briefing) in &mut next.briefings {
                    briefing.sentences.push(format!("In one go with {path}."));
                }
                for i in 0..6 {
                    let path = format!("content/briefings/burst/{n}-{i}.md");
                    next.briefings.insert(path, Briefing::new(chance));
                }
                "many at once".to_owned()
            }
            22 | 23 => {
                self.become_(branch, root, manner);
                return "another branch".to_owned();
            }
            24 => {
                let file = root.join(&path);
                let bytes = fs::read(&file).unwrap();
                fs::write(&file, bytes).unwrap();
                return format!("{path} saved as it was");
            }
            25 => {
                let litter = [
                    "content/briefings/.b0.md.swp",
                    "content/briefings/b0.md~",
                    "content/.DS_Store",
                    ".git/index",
                    ".git/HEAD.lock",
                    "content/speakers/#anna.md#",
                    "notes.txt",
                ];
                let path = root.join(chance.one(&litter));
                save(&path, format!("{n}").as_bytes(), Manner::Plain);
                return format!("litter: {}", path.strip_prefix(root).unwrap().display());
            }
            29 => {
                next.others.insert("geo/isle.geojson".to_owned(), square(n % 40).into());
                "another outline of the isle".to_owned()
            }
            30 => {
                let text = chance.one(&[
                    "---\nname: The Port\npart_of: [isle]\n---\n",
                    "---\nname: The Port\npart_of: [isle]\nlabel: {lat: 54.5, lon: 20.5}\n---\n",
                    "---\nname: The Port\nclaimed_by: [Anna, Boris]\ngeometry: isle.geojson\n---\n",
                    "---\nname: The Port\nidentifiers: {iso_3166_2: [UA-43]}\n---\n",
                ]);
                next.others.insert("content/territories/port.md".to_owned(), text.into());
                "the port lies elsewhere".to_owned()
            }
            26 => {
                let (there, away) = (root.join("content"), root.join("content.away"));
                fs::rename(&there, &away).unwrap();
                thread::sleep(Duration::from_millis(chance.one(&[0, 20, 60])));
                fs::rename(&away, &there).unwrap();
                return "content/ taken away and put back".to_owned();
            }
            _ => {
                let mistakes: [(&str, &[u8]); 11] = [
                    ("geo/isle.geojson", b"{\"type\": \"Polygon\", \"coordinates\": [[[0, 99]]]}"),
                    (&path, b"---\ntitle: Not closed\n"),
                    (&path, b"---\ntitle: [\n---\n"),
                    (&path, b"---\ntitle: T\ndate: 2025\nclaims: [{id: a, text: A, speaker: Nobody At All}]\n---\n"),
                    (&path, b"---\ntitle: T\ndate: 2025\nclaims: [{id: a, text: A, speaker: anna, quote: Not there}]\n---\n"),
                    (&path, b"---\ntitle: T\ndate: 2025\n---\n[Nowhere](/nowhere.html)\n"),
                    (&path, b"---\ntitle: T\ndate: 2025\n---\n[Nowhere](/about.html#nowhere)\n"),
                    (&path, b"---\ntitle: \xff\n---\n"),
                    ("site.yaml", b"title: [\n"),
                    ("templates/topic.html", b"{% if %}"),
                    ("templates/topic.html", b"{% extends \"onrecord/topic.html\" %}{% block footer %}{{ nowhere.at.all }}{% endblock %}"),
                ];
                let (path, bytes) = chance.one(&mistakes);
                next.mistake = Some((path.to_owned(), bytes.to_vec()));
                // In one step, so that nothing else comes to be seen before it.
                self.become_(&next, root, Manner::Renamed);
                return format!("mistake: {path}: {}", String::from_utf8_lossy(bytes));
            }
        };
        self.become_(&next, root, manner);
        what
    }
}
