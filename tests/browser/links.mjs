// Follows every internal link and anchor of every HTML file of a folder, with
// an HTML parser that is not onrecord's own.
//
//     node links.mjs FOLDER BASE_URL
//
// Leaves 0 where nothing is broken, 1 where something is.

import { readFileSync, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { parse } from "parse5";

const [folder, base = "https://nowhere.invalid/"] = process.argv.slice(2);
const own = new URL(base);

const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)).split(sep).join("/"));
const known = new Set(files);
const pages = files.filter((file) => file.endsWith(".html"));
const anchors = new Map();
const links = [];
const broken = [];

const LINKS = { href: true, src: true, poster: true, action: true };

for (const page of pages) {
  const ids = new Set();
  anchors.set(page, ids);
  const own = [];
  let baseHref;
  const walk = [parse(readFileSync(join(folder, page), "utf8"))];
  while (walk.length) {
    const node = walk.pop();
    for (const { name, value } of node.attrs ?? []) {
      if (name === "id") {
        if (ids.has(value)) broken.push(`${page}: the id ${value} is there twice`);
        ids.add(value);
      } else if (name === "srcset") {
        own.push(...value.split(",").map((part) => part.trim().split(/\s+/)[0]));
      } else if (node.tagName === "base" && name === "href") {
        baseHref = value;
      } else if (LINKS[name]) {
        own.push(value);
      }
    }
    walk.push(...(node.childNodes ?? []));
    if (node.content) walk.push(node.content);
  }
  for (const link of own) links.push([page, link, baseHref]);
}

let internal = 0;
for (const [page, link, baseHref] of links) {
  let at = new URL(page.split("/").map(encodeURIComponent).join("/"), own);
  if (baseHref) at = new URL(baseHref, at);
  let to;
  try {
    to = new URL(link, at);
  } catch {
    broken.push(`${page}: ${link} is no address`);
    continue;
  }
  if (to.origin !== own.origin) continue;
  internal += 1;
  if (!to.pathname.startsWith(own.pathname)) {
    broken.push(`${page}: ${link} leads out of the site's folder`);
    continue;
  }
  let file = decodeURIComponent(to.pathname.slice(own.pathname.length));
  if (file === "" || file.endsWith("/")) file += "index.html";
  if (!known.has(file)) {
    broken.push(`${page}: ${link} leads nowhere`);
    continue;
  }
  const anchor = decodeURIComponent(to.hash.slice(1));
  if (anchor && anchor !== "top" && anchors.has(file) && !anchors.get(file).has(anchor)) {
    broken.push(`${page}: ${link} has no such anchor`);
  }
}

for (const one of broken.slice(0, 20)) console.log(one);
console.log(`${pages.length} pages, ${internal} internal links, ${broken.length} broken`);
process.exit(broken.length || !pages.length ? 1 : 0);
