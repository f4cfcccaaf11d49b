//! The same record as a site of Zola's: a file for each claim, as Zola makes
//! pages of files alone.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

use serde_json::json;

use super::{Corpus, Named, Standing};

impl Corpus {
    /// Writes a site of Zola's to a new or empty folder, but for its templates.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn write_for_zola(&self, folder: &Path) -> io::Result<()> {
        let content = folder.join("content");
        for (section, page) in [("briefings", "briefing"), ("claims", "claim")] {
            fs::create_dir_all(content.join(section))?;
            fs::write(
                content.join(section).join("_index.md"),
                format!(
                    "+++\ntitle = \"{section}\"\nsort_by = \"date\"\n\
                     template = \"{section}.html\"\npage_template = \"{page}.html\"\n+++\n"
                ),
            )?;
        }
        fs::write(content.join("_index.md"), "+++\n+++\n")?;
        for briefing in &self.briefings {
            let names = |all: &[Named]| json!(all.iter().map(|n| &n.name).collect::<Vec<_>>());
            // A list of strings, or a string, is the same in JSON and in TOML.
            let mut text = format!(
                "+++\ntitle = \"{}\"\ndate = {}\n[taxonomies]\nspeakers = {}\nterritories = {}\n\
                 [extra]\nkind = \"briefing\"\n",
                briefing.title,
                briefing.date,
                names(&briefing.speakers),
                names(&briefing.territories),
            );
            for claim in &briefing.claims {
                let (status, rank) = match claim.standing {
                    Standing::Graded(grade) => (grade.to_string(), "normal"),
                    Standing::Deprecated => ("deprecated".to_owned(), "deprecated"),
                };
                let speaker = &briefing.speakers[claim.speaker].name;
                let territories: Vec<&str> =
                    claim.territories.iter().map(|&t| &*briefing.territories[t].name).collect();
                let territories = json!(territories);
                let (words, quote) = (json!(claim.text), json!(claim.quote));
                let _ = write!(
                    text,
                    "[[extra.claims]]\nid = \"{}\"\ntext = {words}\nspeaker = \"{speaker}\"\n\
                     quote = {quote}\nterritories = {territories}\ndate = {}\n\
                     status = \"{status}\"\nrank = \"{rank}\"\n",
                    claim.id, claim.date,
                );
                let page = format!(
                    "+++\ntitle = {words}\ndate = {}\n[taxonomies]\nspeakers = [\"{speaker}\"]\n\
                     territories = {territories}\n[extra]\nkind = \"claim\"\nquote = {quote}\n\
                     status = \"{status}\"\nrank = \"{rank}\"\nbriefing = \"/briefings/{}/\"\n\
                     briefing_title = \"{}\"\n+++\n",
                    claim.date, briefing.slug, briefing.title,
                );
                fs::write(content.join(format!("claims/{}.md", claim.id)), page)?;
            }
            text.push_str("+++\n");
            text.push_str(&briefing.body);
            fs::write(content.join(format!("briefings/{}.md", briefing.slug)), text)?;
        }
        Ok(())
    }
}
