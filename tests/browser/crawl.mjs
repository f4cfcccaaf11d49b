// Follows every link of a site as hosts serve it, at the root of a host and below
// a path: nginx with the settings that the program prints, and models of others.
// Then looks at its pages in Chromium, for errors and breaches of the policy.
//
//     node crawl.mjs PROGRAM SITE CHROMIUM [PAGES]
//
// PAGES is how many pages are opened in the browser, by default all with nginx, and
// one of each kind with the models; where it is given, a site is followed with
// nginx and below a path alone. Leaves 1 where a link leads
// nowhere, a browser complains, or too little was looked at.

import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, relative, resolve, sep } from "node:path";
import { parse } from "parse5";
import { chromium } from "playwright-core";
import { ARGUMENTS } from "./chromium.mjs";
import { MODELS } from "./models.mjs";
import { nginx } from "./nginx.mjs";
import { TYPES } from "./serve.mjs";

const [program, from, executablePath, most = "Infinity"] = process.argv.slice(2);
const place = mkdtempSync(join(tmpdir(), "onrecord-crawl-"));
const problems = [];
let links = 0;
let opened = 0;

// A copy of the site that says which host it is made for, built.
function build(host, base, output) {
  const site = join(place, `site-${host}`);
  mkdirSync(site, { recursive: true });
  for (const part of ["site.yaml", "content", "geo", "static", "templates", "themes"]) {
    // This repository's own templates and themes are the built-in ones.
    const isOurs = ["templates", "themes"].includes(part) && existsSync(join(from, "Cargo.toml"));
    if (!isOurs && existsSync(join(from, part))) cpSync(join(from, part), join(site, part), { recursive: true });
  }
  const isNamed = ["github", "gitlab", "netlify", "cloudflare"].includes(host);
  appendFileSync(join(site, "site.yaml"), isNamed ? `\nhost: ${host}\n` : "\nintegrity: true\n");
  const words = (command, ...more) =>
    execFileSync(resolve(program), [command, site, "--base-url", base, ...more], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  words("build", "--output", output, "--quiet");
  const settings = host === "nginx" ? words("nginx") : undefined;
  rmSync(site, { recursive: true });
  return settings;
}

function filesOf(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const path = (entry) => join(entry.parentPath ?? entry.path, entry.name);
  return new Map(entries.map((entry) => [relative(folder, path(entry)).split(sep).join("/"), path(entry)]));
}

// A host of this machine that answers as a model says, below a path.
async function serve(folder, path, model) {
  const files = filesOf(folder);
  // Rules and headers are read, everything else is served from the disk.
  for (const name of ["_headers", "_redirects"]) if (files.has(name)) files.set(name, readFileSync(files.get(name)));
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://localhost");
    const name = decodeURIComponent(url.pathname.slice(path.length));
    const { status, file, location, headers = {} } = url.pathname.startsWith(path)
      ? model(files, name)
      : { status: 404, file: "404.html" };
    if (location !== undefined) {
      response.writeHead(status, { location: path + encodeURI(location) + url.search });
      return response.end();
    }
    response.writeHead(status, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", ...headers });
    response.end(readFileSync(files.get(file)));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { server: { kill: () => server.close() }, address: `http://127.0.0.1:${server.address().port}` };
}

const LINKS = ["href", "src", "poster", "action"];

// The addresses that a page names, and its anchors.
function read(html) {
  const named = [];
  const ids = new Set();
  const walk = [parse(html)];
  while (walk.length) {
    const node = walk.pop();
    for (const { name, value } of node.attrs ?? []) {
      if (name === "id") ids.add(value);
      if (LINKS.includes(name)) named.push(value);
    }
    walk.push(...(node.childNodes ?? []));
    if (node.content) walk.push(node.content);
  }
  return { named, ids };
}

// Everything that can be reached from the front page. An address is asked for once.
async function crawl(name, start) {
  const seen = new Map();
  const anchored = [];
  const queue = [[start, "the start"]];
  seen.set(start, undefined);
  const visit = async ([address, by]) => {
    const response = await fetch(address);
    const type = response.headers.get("content-type") ?? "";
    if (!response.ok) problems.push(`${name}: ${address}, linked from ${by}, answers ${response.status}`);
    if (!type.startsWith("text/html") || !response.ok) {
      await response.arrayBuffer();
      return;
    }
    const { named, ids } = read(await response.text());
    seen.set(address, ids);
    for (const link of named) {
      const to = new URL(link, response.url);
      if (!to.href.startsWith(start)) {
        if (to.origin === new URL(start).origin) problems.push(`${name}: ${address} links to ${to.pathname}, outside the site`);
        continue;
      }
      links += 1;
      if (to.hash) anchored.push([new URL(to), address]);
      to.hash = "";
      if (!seen.has(to.href)) {
        seen.set(to.href, undefined);
        queue.push([to.href, address]);
      }
    }
  };
  while (queue.length) await Promise.all(queue.splice(0, 16).map(visit));
  for (const [to, by] of anchored) {
    const anchor = decodeURIComponent(to.hash.slice(1));
    const page = to.href.split("#")[0];
    if (!seen.get(page)?.has(anchor)) problems.push(`${name}: ${by} links to ${to.href}, and the anchor is not there`);
  }
  return [...seen.keys()].filter((address) => seen.get(address));
}

const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
const context = await browser.newContext();
const page = await context.newPage();
await page.addInitScript(() => {
  document.addEventListener("securitypolicyviolation", (event) => {
    console.error(`policy: ${event.violatedDirective} forbids ${event.blockedURI}`);
  });
});
let looking = "";
page.on("console", (message) => message.type() === "error" && problems.push(`${looking}: ${message.text()}`));
page.on("pageerror", (error) => problems.push(`${looking}: ${error.message}`));
page.on("response", (response) => response.status() >= 400 && problems.push(`${looking}: ${response.url()} answers ${response.status()}`));

async function look(name, addresses) {
  for (const address of addresses) {
    looking = `${name}: ${address}`;
    opened += 1;
    await page.goto(address, { waitUntil: "load" });
  }
  // What is still on its way when the host goes is no fault of a page.
  await page.goto("about:blank");
}

// One page of each folder, and those at the root.
function ofEachKind(addresses, start) {
  const kinds = new Map();
  for (const address of addresses) {
    const path = address.slice(start.length);
    const kind = path.includes("/") ? path.split("/").slice(0, -1).join("/").replace(/^(claims|archive).*/, "$1") : path;
    if (!kinds.has(kind)) kinds.set(kind, address);
  }
  return [...kinds.values()];
}

function spread(all, count) {
  if (all.length <= count) return all;
  return Array.from({ length: count }, (_, n) => all[Math.floor((n * all.length) / count)]);
}

for (const path of ["/", "/a/b/"]) {
  for (const host of ["nginx", ...Object.keys(MODELS)]) {
    // Netlify and Cloudflare serve a site at the root of a host alone.
    if (path !== "/" && ["netlify", "cloudflare"].includes(host)) continue;
    // A large site is followed once: models differ in rules, not in pages.
    if (Number.isFinite(Number(most)) && (host !== "nginx" || path === "/")) continue;
    const name = `${host} at ${path}`;
    const root = mkdtempSync(join(place, "root-"));
    const settings = build(host, `https://record.test${path}`, join(root, "built"));
    let folder = join(root, "built");
    if (path !== "/") {
      mkdirSync(join(root, "below/a"), { recursive: true });
      cpSync(folder, join(root, "below/a/b"), { recursive: true });
      folder = join(root, "below");
    }
    const { server, address } =
      host === "nginx" ? await nginx(root, folder, settings) : await serve(join(root, "built"), path, MODELS[host]);
    execFileSync("chmod", ["a+rx", place]);
    const start = address + path;
    const pages = await crawl(name, start);
    const missing = await fetch(`${start}no/such/page.html`);
    const html = await missing.text();
    if (missing.status !== 404 || !html.includes("stylesheet")) problems.push(`${name}: there is no page for what is not there`);
    await look(name, host === "nginx" ? spread(pages, Number(most)) : ofEachKind(pages, start));
    server.kill();
    rmSync(root, { recursive: true, force: true });
    console.log(`${name}: ${pages.length} pages`);
  }
}
await browser.close();
rmSync(place, { recursive: true, force: true });
for (const problem of problems.slice(0, 40)) console.log(problem);
console.log(`${links} links followed, ${opened} pages opened: ${problems.length} problems`);
process.exit(problems.length || links < 1000 || opened < 30 ? 1 : 0);
