//! What each service reads in order to check, build and publish a site.
//!
//! Actions and images are pinned by hash, jobs have the permissions that they
//! need, and what builds a proposed change has no secret. The tests hold each
//! file to its service's schema.

/// A service that builds and publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Service {
    /// GitHub Actions, to GitHub Pages.
    #[value(name = "github")]
    GitHub,
    /// GitLab CI, to GitLab Pages.
    #[value(name = "gitlab")]
    GitLab,
    /// Woodpecker, to a bucket that speaks S3.
    Woodpecker,
    /// Netlify.
    Netlify,
    /// GitHub Actions, to Cloudflare Pages.
    Cloudflare,
}

impl Service {
    /// What `site.yaml` calls the host that it publishes with, if it has a name
    /// for that.
    pub fn host(self) -> Option<&'static str> {
        match self {
            Self::GitHub => Some("github"),
            Self::GitLab => Some("gitlab"),
            Self::Woodpecker => None,
            Self::Netlify => Some("netlify"),
            Self::Cloudflare => Some("cloudflare"),
        }
    }

    /// Its files by their path from the top of the repository, for a site that
    /// is in the folder `way` below that, or there where `way` is empty.
    /// With `shards`, the site is built in so many parts; only GitHub's can be.
    pub fn files(self, way: &str, shards: Option<u32>) -> Vec<(&'static str, String)> {
        let files: &[(&'static str, &str)] = match self {
            Self::GitHub if shards.is_some() => {
                &[(".github/workflows/record.yml", include_str!("ci/github-shards.yml"))]
            }
            Self::GitHub => &[(".github/workflows/record.yml", include_str!("ci/github.yml"))],
            Self::GitLab => &[(".gitlab-ci.yml", include_str!("ci/gitlab.yml"))],
            Self::Woodpecker => &[(".woodpecker/record.yaml", include_str!("ci/woodpecker.yaml"))],
            Self::Netlify => &[("netlify.toml", include_str!("ci/netlify.toml"))],
            Self::Cloudflare => &[
                (".github/workflows/record.yml", include_str!("ci/cloudflare.yml")),
                ("wrangler.toml", include_str!("ci/wrangler.toml")),
            ],
        };
        let count = shards.unwrap_or_default();
        let parts: Vec<String> = (1..=count).map(|part| part.to_string()).collect();
        let fill = |text: &str| {
            let text = text
                .replace("@VERSION@", env!("CARGO_PKG_VERSION"))
                .replace("@SHARDS@", &count.to_string())
                .replace("@PARTS@", &parts.join(", "));
            if way.is_empty() {
                return text;
            }
            let quoted = serde_json::to_string(way).expect("a text is always JSON");
            text.replace("SITE: .\n", &format!("SITE: {quoted}\n"))
                .replace("# base = \"desk\"\n", &format!("base = {quoted}\n"))
        };
        files.iter().map(|(path, text)| (*path, fill(text))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Service; 5] = [
        Service::GitHub,
        Service::GitLab,
        Service::Woodpecker,
        Service::Netlify,
        Service::Cloudflare,
    ];

    #[test]
    fn what_runs_is_pinned_by_a_hash_and_this_version_is_installed() {
        let whole = ALL.into_iter().flat_map(|service| service.files("", None));
        for (path, text) in whole.chain(Service::GitHub.files("", Some(16))) {
            for line in text.lines().map(str::trim_start) {
                let (pin, length) = match line.trim_start_matches("- ") {
                    line if line.starts_with("uses: ") => (line.split('@').nth(1), 40),
                    line if line.starts_with("image: ") => (line.split("@sha256:").nth(1), 64),
                    _ => continue,
                };
                let pin: String =
                    pin.unwrap_or_default().chars().take_while(char::is_ascii_hexdigit).collect();
                assert_eq!(pin.len(), length, "{path}: {line}");
            }
            let gaps = ["@VERSION@", "@SHARDS@", "@PARTS@"];
            assert!(!gaps.iter().any(|gap| text.contains(gap)), "{path}");
            let version = format!("\"{}\"", env!("CARGO_PKG_VERSION"));
            assert!(text.contains(&version) || path == "wrangler.toml", "{path}");
        }
    }

    #[test]
    fn a_site_below_the_top_is_named() {
        for service in ALL {
            let named = service.files("desk \"a\"", None).into_iter().filter(|(_, text)| {
                text.contains("SITE: \"desk \\\"a\\\"\"\n")
                    || text.contains("base = \"desk \\\"a\\\"\"\n")
            });
            assert_eq!(named.count(), 1, "{service:?}");
        }
    }
}
