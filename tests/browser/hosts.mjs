// Looks in Chromium at a site as nginx serves it with the settings that the
// program prints, below a path, and at one that is opened without a server.
//
//     node hosts.mjs PROGRAM SITE CHROMIUM
//
// Leaves 1 where a page is bare, a former address does not lead on, or
// something breaks the policy.

import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { ARGUMENTS } from "./chromium.mjs";
import { nginx } from "./nginx.mjs";

const [program, from, executablePath] = process.argv.slice(2);
const place = mkdtempSync(join(tmpdir(), "onrecord-hosts-"));
const site = join(place, "site");
mkdirSync(site);
for (const part of ["site.yaml", "content"]) cpSync(join(from, part), join(site, part), { recursive: true });
const speaker = join(site, "content/speakers/steven-witkoff.md");
writeFileSync(speaker, readFileSync(speaker, "utf8").replace("---\n", "---\nformer_ids: [s-witkoff]\n"));
const onrecord = (...words) => execFileSync(resolve(program), words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

const problems = [];
let done = 0;
const same = (what, found, expected) => {
  done += 1;
  if (found !== expected) problems.push(`${what}: ${found}, not ${expected}`);
};
const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
const open = async (address, settings = {}) => {
  const page = await (await browser.newContext(settings)).newPage();
  page.on("console", (message) => {
    const isMeant = /status of 404/.test(message.text());
    if (message.type() === "error" && !isMeant) problems.push(`${address}: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`${address}: ${error.message}`));
  const response = await page.goto(address, { waitUntil: "load" });
  return { page, status: response?.status() };
};
const isStyled = (page) => page.evaluate(() => getComputedStyle(document.querySelector(".skip")).position === "absolute");

// Without a server.
const folder = join(place, "folder");
onrecord("build", site, "--output", folder, "--quiet");
const file = (path) => `file://${folder}/${path}`;
for (const path of ["index.html", "speakers/steven-witkoff.html", "briefings/an-envoys-account.html"]) {
  const { page } = await open(file(path));
  same(`${path} from a folder is styled`, await isStyled(page), true);
  // The script of the theme adds buttons and the like.
  same(`${path} from a folder has its script`, await page.evaluate(() => document.scripts.length > 0), true);
}
const moved = await open(`${file("speakers/s-witkoff.html")}?a=1#said`);
await moved.page.waitForURL(`${file("speakers/steven-witkoff.html")}?a=1#said`);
same("a former address from a folder", moved.page.url().endsWith("steven-witkoff.html?a=1#said"), true);

// With nginx.
const root = join(place, "root");
mkdirSync(join(root, "a"), { recursive: true });
appendFileSync(join(site, "site.yaml"), "\nintegrity: true\n");
const base = "https://record.test/a/b/";
onrecord("build", site, "--output", join(root, "a/b"), "--base-url", base, "--quiet");
const { server, address: host } = await nginx(place, root, onrecord("nginx", site, "--base-url", base));
const address = `${host}/a/b/`;
for (const [path, to, status] of [
  ["", "", 200],
  ["speakers/steven-witkoff.html", "speakers/steven-witkoff.html", 200],
  ["speakers/steven-witkoff", "speakers/steven-witkoff", 200],
  ["speakers/steven-witkoff/?a=1", "speakers/steven-witkoff.html?a=1", 200],
  ["speakers", "speakers/", 200],
  ["speakers/", "speakers/", 200],
  ["speakers/s-witkoff.html?a=1#said", "speakers/steven-witkoff.html?a=1#said", 200],
  ["nothing", "nothing", 404],
  ["nothing/at/this/depth/", "nothing/at/this/depth/", 404],
  ["search.html", "search.html", 200],
]) {
  const { page, status: found } = await open(address + path);
  same(`the status of ${path}`, found, status);
  same(`where ${path} leads`, page.url(), address + to);
  same(`${path} is styled`, await isStyled(page), true);
}
const headers = async (path) => (await fetch(address + path)).headers;
const assets = readdirSync(join(root, "a/b/assets"), { recursive: true }).filter((name) => /\.(css|js)$/.test(name));
for (const asset of assets) {
  same(`${asset} is kept`, (await headers(`assets/${asset}`)).get("cache-control"), "public, max-age=31536000, immutable");
}
const policy = async (path) => (await headers(path)).get("content-security-policy")?.match(/wasm|default-src 'none'/g)?.join();
same("the policy of a page", await policy(""), "default-src 'none'");
same("that of a page that is not there", await policy("nothing/"), "default-src 'none'");
same("that of the page to search", await policy("search.html"), "default-src 'none',wasm");
const search = (await open(`${address}search.html?q=witkoff`)).page;
await search.locator("#_results li").first().waitFor();
// The page itself, where the host says nothing: with scripts and without.
const former = `${address}speakers/s-witkoff.html`;
writeFileSync(join(root, "a/b/speakers/former.html"), readFileSync(join(root, "a/b/speakers/s-witkoff.html")));
const unsaid = former.replace("s-witkoff", "former");
const scripted = (await open(`${unsaid}?a=1#said`)).page;
await scripted.waitForURL(`${address}speakers/steven-witkoff.html?a=1#said`);
const unscripted = (await open(`${unsaid}?a=1#said`, { javaScriptEnabled: false })).page;
await unscripted.waitForURL((url) => url.pathname.endsWith("steven-witkoff.html"));
done += 3;
// A style sheet that is another than it was is refused.
for (const asset of assets.filter((name) => name.includes("style."))) appendFileSync(join(root, "a/b/assets", asset), "a{}");
const before = problems.length;
const bare = (await open(address)).page;
same("a page whose style was changed is styled", await isStyled(bare), false);
same("what the browser says of it", problems.splice(before).some((text) => text.includes("integrity")), true);

await browser.close();
server.kill();
rmSync(place, { recursive: true, force: true });
for (const problem of problems) console.log(problem);
console.log(`${done} things that hosts do: ${problems.length} problems`);
process.exit(problems.length || done < 40 ? 1 : 0);
