//! The same record as a site of Hugo's, in the way that Hugo is fastest with:
//! claims as data, which a content adapter makes pages of.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

use super::{Corpus, Named, Standing};

/// Makes a page of every claim.
const ADAPTER: &str = r#"{{ range hugo.Data.claims }}
{{ $.AddPage (dict "title" .text "path" .id "kind" "page"
  "dates" (dict "date" (time.AsTime .date))
  "params" (dict "speakers" (slice .speaker) "territories" .territories "quote" .quote
    "status" .status "rank" .rank "briefing" .briefing "briefing_title" .briefing_title)) }}
{{ end }}
"#;

impl Corpus {
    /// Writes a site of Hugo's to a new or empty folder, but for its layouts.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn write_for_hugo(&self, folder: &Path) -> io::Result<()> {
        for part in ["content/briefings", "content/claims", "data"] {
            fs::create_dir_all(folder.join(part))?;
        }
        fs::write(folder.join("content/briefings/_index.md"), "---\ntitle: Briefings\n---\n")?;
        fs::write(folder.join("content/claims/_index.md"), "---\ntitle: Claims\n---\n")?;
        fs::write(folder.join("content/claims/_content.gotmpl"), ADAPTER)?;
        let mut all = Vec::new();
        for briefing in &self.briefings {
            let names = |all: &[Named]| all.iter().map(|n| n.name.clone()).collect::<Vec<_>>();
            let mut text = format!(
                "---\ntitle: \"{}\"\ndate: {}\nspeakers: {}\nterritories: {}\nparams:\n  claims:\n",
                briefing.title,
                briefing.date,
                serde_json::to_string(&names(&briefing.speakers))?,
                serde_json::to_string(&names(&briefing.territories))?,
            );
            for claim in &briefing.claims {
                let (status, rank) = match claim.standing {
                    Standing::Graded(grade) => (grade.to_string(), "normal"),
                    Standing::Deprecated => ("deprecated".to_owned(), "deprecated"),
                };
                let territories: Vec<&str> =
                    claim.territories.iter().map(|&t| &*briefing.territories[t].name).collect();
                let data = serde_json::json!({
                    "id": claim.id,
                    "text": claim.text,
                    "speaker": briefing.speakers[claim.speaker].name,
                    "quote": claim.quote,
                    "territories": territories,
                    "date": claim.date.to_string(),
                    "status": status,
                    "rank": rank,
                    "briefing": format!("/briefings/{}/", briefing.slug),
                    "briefing_title": briefing.title,
                });
                // JSON is YAML.
                let _ = writeln!(text, "    - {data}");
                all.push(data);
            }
            text.push_str("---\n");
            text.push_str(&briefing.body);
            fs::write(folder.join(format!("content/briefings/{}.md", briefing.slug)), text)?;
        }
        fs::write(folder.join("data/claims.json"), serde_json::to_vec(&all)?)
    }
}
