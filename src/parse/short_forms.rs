//! The short forms of a claim, which stand for a chain of one link and a list
//! of one quotation.

use super::shape::Fault;
use super::value::{Map, Value};
use crate::pointer::{Aim, Pointer};

/// Keys of a claim that stand for one attribution link, and the link's keys.
const OF_A_LINK: [(&str, &str); 4] =
    [("speaker", "by"), ("to", "to"), ("venue", "venue"), ("source", "source")];

/// Turns the short forms in a briefing's claims into long ones. A short form
/// beside the long one is a fault: nobody can tell which is meant.
#[must_use]
pub fn lengthen(briefing: &mut Value<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let Value::Map(briefing) = briefing else { return faults };
    let Some(Value::List(claims)) = briefing.get_mut("claims") else { return faults };
    for (i, claim) in claims.iter_mut().enumerate() {
        let Value::Map(claim) = claim else { continue };
        let mut both = |short: &'static str, long: &str| {
            faults.push(Fault {
                at: Pointer::root().key("claims").index(i).key(short),
                aim: Aim::Key,
                code: "two-forms",
                message: format!("`{short}` is short for `{long}`, and this claim has both"),
                hints: vec![format!("keep `{long}` and put everything there")],
            });
        };
        if let Some(quote) = claim.remove("quote") {
            if claim.has("quotes") {
                both("quote", "quotes");
            } else {
                claim.add("quotes", quote);
            }
        }
        let mut link = Map::default();
        let has_chain = claim.has("attribution");
        for (short, long) in OF_A_LINK {
            if let Some(value) = claim.remove(short) {
                if has_chain {
                    both(short, "attribution");
                } else {
                    link.add(long, value);
                }
            }
        }
        if !link.0.is_empty() {
            claim.add("attribution", Value::List(vec![Value::Map(link)]));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(claim: &str, long: &str, faults: &[&str]) {
        let short = format!("claims: [{claim}]");
        let mut value = crate::parse::yaml::read(&short).unwrap();
        let found: Vec<String> = lengthen(&mut value).iter().map(|f| f.at.to_string()).collect();
        let long = format!("claims: [{long}]");
        let expected = crate::parse::yaml::read(&long).unwrap();
        assert_eq!((value, found), (expected, faults.iter().map(ToString::to_string).collect()));
    }

    #[test]
    fn a_speaker_alone_is_a_chain_of_one_link() {
        check(
            "{speaker: [a], venue: v, quote: [q]}",
            "{quotes: [q], attribution: [{by: [a], venue: v}]}",
            &[],
        );
    }

    #[test]
    fn a_short_form_beside_the_long_one_is_a_fault() {
        check("{speaker: [a], attribution: []}", "{attribution: []}", &["claims[0].speaker"]);
        check("{quote: [q], quotes: [r]}", "{quotes: [r]}", &["claims[0].quote"]);
    }
}
