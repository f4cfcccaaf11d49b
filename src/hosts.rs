//! What hosts are to know: how to serve a site's files, and what moved.
//!
//! Some services are told by files among those that they serve; [`files`] makes
//! these. To nginx it is said in its own settings; [`nginx`] writes them.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::model::config::Host;
use crate::plan::pages::{Plan, Subject, search_url};
use crate::plan::route;
use crate::resolve::site::Site;

/// What every page works under. `base-uri` and `frame-ancestors` are not among
/// what `default-src` stands for.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
                      font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";
const REFERRER: &str = "strict-origin-when-cross-origin";
/// For files that never change, as their content is in their name.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// So many rules Cloudflare takes: of redirects, and of headers.
/// Source: Cloudflare Pages, "Redirects" and "Headers".
const CLOUDFLARE: (usize, usize) = (2_000, 100);

/// The files for the site's host, by their path from its root. `hashed` are the
/// files with a fingerprint in their name, from the site's root.
#[must_use]
pub fn files(site: &Site, plan: &Plan, hashed: &[&str]) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut add = |path: &str, text: String| drop(files.insert(path.to_owned(), text));
    match site.config.host {
        // GitLab serves a file before it looks at a rule, so that the pages in the
        // places of former ids are all it can be told.
        None | Some(Host::Gitlab) => {}
        Some(Host::Github) => {
            // Otherwise it leaves out what starts with an underscore.
            add(".nojekyll", String::new());
            if let Some(domain) = own_domain(site) {
                add("CNAME", format!("{domain}\n"));
            }
        }
        Some(host @ (Host::Netlify | Host::Cloudflare)) => {
            add("_headers", headers(site, hashed));
            let redirects = redirects(site, plan, host);
            if !redirects.is_empty() {
                add("_redirects", redirects);
            }
        }
    }
    files
}

/// The domain of the site's address, if it is at its root and not GitHub's.
fn own_domain(site: &Site) -> Option<&str> {
    let address = site.config.base_url.as_deref()?;
    let domain = address.split_once("://")?.1.strip_suffix('/')?;
    let is_own = !domain.contains(['/', ':']) && !domain.ends_with(".github.io");
    is_own.then_some(domain)
}

fn headers(site: &Site, hashed: &[&str]) -> String {
    let base = route::base_path(site);
    // Rules add up here, and of two policies both hold. So there is one.
    let policy = policy(search_url(site).is_some());
    let mut all = format!(
        "{base}*\n  Content-Security-Policy: {policy}\n  X-Content-Type-Options: nosniff\n  \
         Referrer-Policy: {REFERRER}\n"
    );
    for file in hashed.iter().take(CLOUDFLARE.1 - 1) {
        let _ = write!(all, "{base}{}\n  Cache-Control: {FOR_EVER}\n", route::encoded(file));
    }
    all
}

/// The policy; that of the page to search, where WebAssembly runs, has one word
/// more.
fn policy(searches: bool) -> String {
    if searches {
        POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
    } else {
        POLICY.to_owned()
    }
}

/// Where pages were, as the host may be asked for them, and where they are now.
fn redirects(site: &Site, plan: &Plan, host: Host) -> String {
    let base = route::base_path(site);
    // There is a file in the old place, which Netlify would serve otherwise.
    let (status, most) =
        if host == Host::Netlify { ("301!", usize::MAX) } else { ("301", CLOUDFLARE.0) };
    let moved = moved(site, plan).flat_map(|(from, to)| {
        let short = from.strip_suffix(".html").or(from.strip_suffix('/')).unwrap_or(&from);
        [short, &from].map(|from| {
            let (from, to) = (route::encoded(from), route::encoded(&to));
            format!("{base}{from} {base}{to} {status}\n")
        })
    });
    moved.take(most).collect()
}

/// Where pages were and where they are now, from the site's root.
fn moved<'a>(site: &'a Site, plan: &'a Plan) -> impl Iterator<Item = (String, String)> + 'a {
    plan.pages.iter().filter_map(|page| match page.subject {
        Subject::Redirect(to) => Some((page.url.clone(), route::entity(site, to))),
        _ => None,
    })
}

/// Settings for nginx, to be included in a `server` whose `root` is the folder
/// below which the site lies at its path.
#[must_use]
pub fn nginx(site: &Site, plan: &Plan) -> String {
    let base = route::decoded(route::base_path(site));
    let search = search_url(site);
    let head = |policy: &str| {
        format!(
            "    add_header Content-Security-Policy \"{policy}\" always;\n    \
             add_header X-Content-Type-Options nosniff always;\n    \
             add_header Referrer-Policy {REFERRER} always;\n"
        )
    };
    let plain = head(POLICY);
    let pattern = pattern(&base);
    let mut all = format!(
        "# For a `server` of nginx whose `root` is the folder that has the site at `{base}`.\n\
         charset utf-8;\n\
         absolute_redirect off;\n\
         error_page 404 \"{base}404.html\";\n\
         location \"{base}\" {{\n{plain}    index index.html;\n    \
         try_files $uri $uri/ $uri.html =404;\n}}\n\
         # An address with a slash that it should not have.\n\
         location ~ \"^{pattern}(?<page>.+)/$\" {{\n{plain}    \
         if (-f \"$document_root{base}$page.html\") {{ return 301 \"{base}$page.html$is_args$args\"; }}\n    \
         try_files ${{uri}}index.html =404;\n}}\n\
         # These have their content in their name.\n\
         location ~ \"^{pattern}assets/.+\\.[0-9a-f]{{8}}\\.[a-z0-9]+$\" {{\n{plain}    \
         add_header Cache-Control \"{FOR_EVER}\";\n    try_files $uri =404;\n}}\n"
    );
    if let Some(search) = search {
        let file = route::file(&search);
        let _ = write!(
            all,
            "# Searching runs WebAssembly.\nlocation = \"{base}{file}\" {{\n{}}}\n",
            head(&policy(true))
        );
    }
    for (from, to) in moved(site, plan) {
        let to = route::encoded(&format!("{base}{to}"));
        let _ =
            writeln!(all, "location = \"{base}{from}\" {{ return 301 \"{to}$is_args$args\"; }}");
    }
    all
}

/// A path as a regular expression.
fn pattern(path: &str) -> String {
    path.chars().fold(String::new(), |mut all, c| {
        if !c.is_alphanumeric() && !matches!(c, '/' | '-' | '_') {
            all.push('\\');
        }
        all.push(c);
        all
    })
}
