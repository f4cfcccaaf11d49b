//! Which pages are made one after the other.

use super::TOGETHER;
use crate::plan::pages::{Page, Subject};
use crate::resolve::site::{Entity, Site};

/// Where these pages stand in their list, in lots: some briefings and then their
/// claims, whose notes they share, or others. Pages of one kind one after the other
/// keep processors quick.
pub(super) fn lots(site: &Site, pages: &[&Page]) -> Vec<Vec<usize>> {
    let (mut lots, mut briefings, mut parts) = (Vec::new(), Vec::new(), Vec::new());
    for (index, page) in pages.iter().enumerate() {
        match page.subject {
            Subject::Entity(Entity::Briefing(_)) => briefings.push(index),
            Subject::Entity(_) | Subject::Archive(_) | Subject::Redirect(_) => parts.push(index),
            // Those of the site as a whole take longest, so they come first.
            _ => lots.push(vec![index]),
        }
    }
    // All threads get some, on a small site as well.
    let most = briefings.len() / (8 * rayon::current_num_threads());
    let mut lot_of: Vec<Option<usize>> = vec![None; site.briefings.len()];
    for lot in briefings.chunks(most.clamp(1, TOGETHER)) {
        for index in lot {
            if let Subject::Entity(Entity::Briefing(briefing)) = pages[*index].subject {
                lot_of[briefing as usize] = Some(lots.len());
            }
        }
        lots.push(lot.to_vec());
    }
    let mut others = Vec::new();
    for index in parts {
        let lot = match pages[index].subject {
            Subject::Entity(Entity::Claim(claim)) => {
                lot_of[site.claims[claim as usize].briefing as usize]
            }
            _ => None,
        };
        lot.map_or(&mut others, |lot| &mut lots[lot]).push(index);
    }
    lots.extend(others.chunks(TOGETHER).map(<[usize]>::to_vec));
    lots
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::{Builder, Settings};
    use crate::read::snapshot::Snapshot;

    #[test]
    fn every_page_is_in_one_lot_and_a_claim_behind_its_briefing() {
        let briefing = |n: usize| {
            let claims = "{id: a, text: A.}, {id: b, text: B.}";
            let text = format!("---\ntitle: B{n}\ndate: 2025\nclaims: [{claims}]\n---\nText.");
            (format!("content/briefings/b{n}.md"), text)
        };
        let mut files: Vec<_> = (0..100).map(briefing).collect();
        files.push(("site.yaml".to_owned(), "title: T\nbase_url: https://t.test/\n".to_owned()));
        let snapshot = Snapshot::of(files.iter().map(|(path, text)| (&**path, &**text)));
        let settings =
            Settings { now: 1_800_000_000, drafts: false, base_url: None, strict: false };
        let pass = Builder::new(settings).pass(&snapshot).value.expect("nothing is wrong");
        let site = &pass.site;
        let pages: Vec<&Page> = pass.plan.pages.iter().collect();
        let lots = lots(site, &pages);
        let mut all: Vec<usize> = lots.iter().flatten().copied().collect();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..pages.len()));
        for lot in &lots {
            let mut before = Vec::new();
            for index in lot {
                match pages[*index].subject {
                    Subject::Entity(Entity::Briefing(b)) => before.push(b),
                    Subject::Entity(Entity::Claim(c)) => {
                        assert!(before.contains(&site.claims[c as usize].briefing));
                    }
                    _ => assert!(before.is_empty()),
                }
            }
        }
        // Of a part of the site that has none of the briefings.
        let claims = |page: &&&Page| matches!(page.subject, Subject::Entity(Entity::Claim(_)));
        let alone: Vec<&Page> = pages.iter().filter(claims).copied().collect();
        assert_eq!(super::lots(site, &alone).iter().flatten().count(), 200);
    }
}
