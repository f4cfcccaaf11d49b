// Looks at one page of every kind in Chromium: at three widths, light and dark,
// served below a path and opened as a file. Takes a picture of each.
//
//     node pages.mjs FOLDER PICTURES CHROMIUM
//
// Leaves 1 where a page has an error on the console, asks for what is not
// there, or scrolls sideways.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

const [folder, pictures, executablePath] = process.argv.slice(2);
const WIDTHS = [360, 820, 1440];
const SCHEMES = ["light", "dark"];

const problems = [];
const pages = onePageOfEachKind();
mkdirSync(pictures, { recursive: true });
const profile = mkdtempSync(join(tmpdir(), "onrecord-chromium-"));
const { server, address } = await serve(folder, "/a/b/");
const context = await chromium.launchPersistentContext(profile, {
  executablePath,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
const page = await context.newPage();
let at = "";
const say = (what) => problems.push(`${at}: ${what}`);
page.on("console", (message) => {
  if (["error", "warning"].includes(message.type())) say(`console: ${message.text()} ${message.location().url}`);
});
page.on("pageerror", (error) => say(`script: ${error.message}`));
page.on("requestfailed", (request) => say(`${request.url()} failed: ${request.failure()?.errorText}`));
page.on("response", (response) => {
  if (response.status() >= 400) say(`${response.url()} gave ${response.status()}`);
});

for (const [kind, file] of pages) {
  for (const scheme of SCHEMES) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const width of WIDTHS) {
      at = `${file} (${width} px, ${scheme})`;
      await page.setViewportSize({ width, height: 900 });
      await page.goto(address + encodeURI(file), { waitUntil: "load" });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (wide > 0) say(`scrolls sideways by ${wide} px`);
      await page.screenshot({ path: join(pictures, `${kind}-${width}-${scheme}.png`), fullPage: true });
    }
  }
  // The page for addresses that are not there is served at any depth, so its
  // links start at the host's root and cannot work from a file.
  if (file === "404.html") continue;
  at = `${file} (opened as a file)`;
  await page.goto(pathToFileURL(resolve(folder, file)).href, { waitUntil: "load" });
  const seen = await page.evaluate(() => ({
    sheets: document.styleSheets.length,
    links: [...document.querySelectorAll("a[href]")].map((a) => a.href),
  }));
  if (seen.sheets === 0) say("no style sheet");
  const local = seen.links.filter((link) => link.startsWith("file:"));
  for (const link of local) {
    const target = new URL(link);
    target.hash = "";
    target.search = "";
    if (!existsSync(target) || target.href.endsWith("/")) say(`${link} opens no page`);
  }
}
await context.close();
server.close();
rmSync(profile, { recursive: true, force: true });

for (const problem of problems.slice(0, 30)) console.log(problem);
console.log(`${pages.length} kinds of page at ${WIDTHS.length} widths, light and dark: ${problems.length} problems`);
process.exit(problems.length || pages.length < 10 ? 1 : 0);

// [kind, file] of the first page and the index of each kind, and of every page
// at the top.
function onePageOfEachKind() {
  const html = (entry) => entry.endsWith(".html");
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.isFile() && html(entry.name)) found.push([entry.name.slice(0, -5), entry.name]);
    if (!entry.isDirectory()) continue;
    const below = readdirSync(join(folder, entry.name), { recursive: true }).map(String).filter(html).sort();
    const own = below.find((name) => !/^(index|\d{4}|page-)/.test(name) && !name.endsWith("index.html"));
    const index = below.find((name) => name === "index.html");
    if (index) found.push([`${entry.name}-index`, `${entry.name}/${index}`]);
    if (own) found.push([entry.name, `${entry.name}/${own}`]);
  }
  return found;
}
