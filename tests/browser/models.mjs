// How static hosts answer, as their documentation says: which file a path is
// served from, where it is sent on to, and what headers come with it. Each model
// takes a Map of the site's files (path from its root to bytes) and a path from
// the root, and gives { status, file, location, headers }.

// The rules of a `_redirects` file: from, to, and whether they win over a file.
function rules(files) {
  const text = files.get("_redirects")?.toString() ?? "";
  const lines = text.split("\n").filter((line) => line && !line.startsWith("#"));
  return new Map(lines.map((line) => {
    const [from, to, status] = line.split(/\s+/);
    return [from, { to, status: Number.parseInt(status), wins: status.endsWith("!") }];
  }));
}

// The headers that a `_headers` file gives to a path; all rules that fit add up.
function headersFor(files, path) {
  const headers = {};
  let fits = false;
  for (const line of (files.get("_headers")?.toString() ?? "").split("\n")) {
    if (line.startsWith("/")) {
      const pattern = line.trim().split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
      fits = new RegExp(`^${pattern.join(".*")}$`).test(path);
    } else if (fits && line.trim()) {
      const [name, ...value] = line.trim().split(":");
      headers[name.toLowerCase()] = value.join(":").trim();
    }
  }
  return headers;
}

const missing = { status: 404, file: "404.html" };
const at = (file) => ({ status: 200, file });
const to = (location, status = 301) => ({ status, location });

// What most do: the file, an index, the file with an ending.
function plain(files, path, slash) {
  if (files.has(path)) return at(path);
  if ((path === "" || path.endsWith("/")) && files.has(`${path}index.html`)) return at(`${path}index.html`);
  if (!path.endsWith("/") && files.has(`${path}/index.html`)) return to(`${path}/`, slash);
  return undefined;
}

export const MODELS = {
  // https://docs.github.com/en/pages: no endings needed, no rules.
  github: (files, path) => plain(files, path, 301) ?? (files.has(`${path}.html`) ? at(`${path}.html`) : missing),
  // https://docs.gitlab.com/user/project/pages: the same; a file wins over a rule.
  gitlab: (files, path) => plain(files, path, 302) ?? (files.has(`${path}.html`) ? at(`${path}.html`) : missing),
  // https://docs.netlify.com/routing: rules with an exclamation mark win over files.
  netlify(files, path) {
    const rule = rules(files).get(`/${path}`);
    const own = plain(files, path, 301) ?? (files.has(`${path}.html`) ? at(`${path}.html`) : undefined);
    const answer = rule && (rule.wins || !own) ? to(rule.to.slice(1), rule.status) : (own ?? missing);
    return { ...answer, headers: headersFor(files, `/${path}`) };
  },
  // https://developers.cloudflare.com/pages/configuration/serving-pages: rules come
  // first, and pages lose their ending.
  cloudflare(files, path) {
    const rule = rules(files).get(`/${path}`);
    const headers = headersFor(files, `/${path}`);
    if (rule) return to(rule.to.slice(1), rule.status);
    if (path.endsWith("index.html")) return to(path.slice(0, -"index.html".length), 308);
    if (path.endsWith(".html") && files.has(path)) return to(path.slice(0, -".html".length), 308);
    const bare = path.replace(/\/$/, "");
    if (path.endsWith("/") && !files.has(`${path}index.html`) && files.has(`${bare}.html`)) return to(bare, 308);
    return { ...(plain(files, path, 308) ?? (files.has(`${path}.html`) ? at(`${path}.html`) : missing)), headers };
  },
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html: keys
  // as they are, an index for what ends in a slash.
  s3: (files, path) => plain(files, path, 302) ?? missing,
};
