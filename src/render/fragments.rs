//! What is the same around many pages, made once for all of them.
//!
//! A component with one of these [`NAMES`] sees `site` and of its page no more
//! than where that is ([`Whereabouts`]), and what it makes of that is there for every
//! template under the component's name: `{{ masthead }}`. So the pages of a section
//! share it.

use std::collections::{HashMap, HashSet};
use std::sync::{PoisonError, RwLock};

use serde::Serialize;
use tera::{Context, TeraResult, Value};

use crate::view::frame::SiteView;
use crate::view::wanted::Wanted;

/// The components that are made once.
pub const NAMES: [&str; 3] = ["site_links", "masthead", "imprint"];

/// The fragments of a site, made when they are first asked for.
#[derive(Debug)]
pub struct Fragments {
    /// The addresses that the menu leads to.
    menu: HashSet<String>,
    /// Safe HTML, by the component's name and all that it sees of the page.
    made: RwLock<HashMap<String, Value>>,
}

/// What a fragment sees as `page`.
#[derive(Debug, Serialize)]
struct Whereabouts<'a> {
    root: &'a str,
    lang: &'a str,
    section: &'a str,
    /// Empty where the menu does not lead to the page.
    url: &'a str,
}

impl Fragments {
    /// Those of this site; none is made yet.
    pub fn of(site: &SiteView) -> Self {
        let menu = site.nav.iter().map(|entry| entry.url.clone()).collect();
        Self { menu, made: RwLock::default() }
    }

    /// Puts those that are wanted beside what a template sees. `render` makes the
    /// component with a name, which sees a context as well as `site`.
    ///
    /// # Errors
    ///
    /// Those of `render`.
    pub fn put(
        &self,
        context: &mut Context,
        wanted: &Wanted,
        render: impl Fn(&str, &Context) -> TeraResult<String>,
    ) -> TeraResult<()> {
        for name in NAMES.into_iter().filter(|name| wanted.has(name)) {
            let Some(page) = context.get("page") else { break };
            let made = self.draw(name, page, |sees| render(name, sees))?;
            context.insert_value(name, made);
        }
        Ok(())
    }

    fn draw(
        &self,
        name: &str,
        page: &Value,
        render: impl Fn(&Context) -> TeraResult<String>,
    ) -> TeraResult<Value> {
        let field = |name| page.get_from_path(name).and_then(Value::as_str).unwrap_or_default();
        let (root, lang, section) = (field("root"), field("lang"), field("section"));
        let url = Some(field("url")).filter(|url| self.menu.contains(*url)).unwrap_or_default();
        let key = [name, root, lang, section, url].join("\n");
        if let Some(made) = self.made.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(made.clone());
        }
        let mut sees = Context::new();
        sees.insert("page", &Whereabouts { root, lang, section, url });
        let made = Value::safe_string(&render(&sees)?);
        self.made.write().unwrap_or_else(PoisonError::into_inner).insert(key, made.clone());
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use serde_json::json;

    use super::super::sample;
    use super::*;

    #[test]
    fn pages_share_what_looks_the_same_from_where_they_are() {
        let site = sample::site();
        let menu = site.nav.iter().map(|entry| entry.url.as_str()).find(|url| !url.contains(':'));
        let menu = menu.expect("an entry of the menu leads to a page of the site");
        let fragments = Fragments::of(&site);
        let made = RefCell::new(Vec::new());
        let put = |root: &str, section: &str, url: &str, wanted: &Wanted| {
            let mut context = Context::new();
            let page = json!({
                "root": root, "lang": "en", "section": section, "url": url, "title": url
            });
            context.insert("page", &page);
            let render = |name: &str, sees: &Context| {
                let page = sees.get("page").unwrap();
                made.borrow_mut().push(format!("{name} {page}"));
                Ok(format!("<{name}>"))
            };
            fragments.put(&mut context, wanted, render).unwrap();
            let html = context.get("masthead").map(|html| (html.to_string(), html.is_safe()));
            assert_eq!(html, wanted.has("masthead").then(|| ("<masthead>".to_owned(), true)));
            std::mem::take(&mut *made.borrow_mut())
        };
        let all = Wanted::ALL;
        let first = put("../", "claims", "claims/a.html", all);
        let sees = "{\"root\": \"../\", \"lang\": \"en\", \"section\": \"claims\", \"url\": \"\"}";
        assert_eq!(first, NAMES.map(|name| format!("{name} {sees}")));
        assert_eq!(put("../", "claims", "claims/b.html", all), [""; 0]);
        assert_eq!(put("../../", "claims", "claims/b/c.html", all).len(), 3);
        assert_eq!(put("../", "speakers", "speakers/a.html", all).len(), 3);
        let here = put("../", "claims", menu, all);
        assert!(here.len() == 3 && here[0].contains(menu), "{here:?}");
        let one = Wanted::only(["masthead".into()]);
        assert_eq!(put("", "claims", "c.html", &one).len(), 1);
        assert_eq!(put("", "topics", "c.html", &Wanted::only([])), [""; 0]);
    }

    #[test]
    fn what_no_page_is_around_has_none() {
        let mut context = Context::new();
        let fragments = Fragments::of(&sample::site());
        fragments.put(&mut context, Wanted::ALL, |_, _| unreachable!()).unwrap();
        assert!(NAMES.iter().all(|name| context.get(name).is_none()));
    }
}
