// Looks at one page of every kind in Chromium: at three widths, light and dark,
// with scripts and without, served below a path under the strictest policy that
// pages promise to work under, and opened as a file. Takes a picture of each.
//
//     node pages.mjs FOLDER PICTURES CHROMIUM [NAME]
//
// NAME stands before the pictures' names. Leaves 1 where a page has an error on
// the console, asks for what is not there, scrolls sideways, moves while it
// loads, cannot be gone through with the keyboard, or where axe finds fault.

import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { ARGUMENTS } from "./chromium.mjs";
import { POLICY, SEARCH_POLICY, serve } from "./serve.mjs";

const [folder, pictures, executablePath, name = ""] = process.argv.slice(2);
const WIDTHS = [360, 820, 1440];
const SCHEMES = ["light", "dark"];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const problems = [];
const pages = onePageOfEachKind();
mkdirSync(pictures, { recursive: true });
const headers = (file) => ({
  "content-security-policy": file === "search.html" ? SEARCH_POLICY : POLICY,
});
const { server, address } = await serve(folder, "/a/b/", headers);
const browser = await chromium.launch({
  executablePath,
  args: ARGUMENTS,
});
let at = "";
const say = (what) => problems.push(`${at}: ${what}`);
// What axe adds to a page is held to no policy; the pages are, in the others.
const open = async (options) => {
  const context = await browser.newContext({ viewport: { width: 820, height: 900 }, ...options });
  const page = await context.newPage();
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) say(`console: ${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => say(`script: ${error.message}`));
  page.on("requestfailed", (request) => {
    // What a page still asks for when the next one is opened is given up.
    const why = request.failure()?.errorText;
    if (why !== "net::ERR_ABORTED") say(`${request.url()} failed: ${why}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) say(`${response.url()} gave ${response.status()}`);
  });
  return page;
};
const scripted = await open({});
const bare = await open({ javaScriptEnabled: false });
const examined = await open({ bypassCSP: true });

for (const [kind, file] of pages) {
  const url = address + encodeURI(file);
  for (const scheme of SCHEMES) {
    for (const width of WIDTHS) {
      for (const [page, mode] of [[scripted, ""], [bare, "-bare"]]) {
        if (mode && scheme === "dark") continue; // Scripts choose no colours.
        at = `${file} (${width} px, ${scheme}${mode})`;
        await page.emulateMedia({ colorScheme: scheme });
        await page.setViewportSize({ width, height: 900 });
        await page.goto(url, { waitUntil: "load" });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (wide > 0) say(`scrolls sideways by ${wide} px`);
        if (!mode) {
          const moved = await page.evaluate(layoutShift);
          if (moved > 0) say(`moves while it loads: ${moved}`);
        }
        await page.screenshot({ path: join(pictures, `${name}${kind}-${width}-${scheme}${mode}.png`), fullPage: true });
      }
      at = `${file} (${width} px, ${scheme}, axe)`;
      await examined.emulateMedia({ colorScheme: scheme });
      await examined.setViewportSize({ width, height: 900 });
      await examined.goto(url, { waitUntil: "load" });
      await examined.evaluate(axe);
      for (const found of await examined.evaluate(faults)) say(found);
    }
  }
  at = `${file} (keyboard)`;
  await scripted.setViewportSize({ width: 820, height: 900 });
  await scripted.goto(url, { waitUntil: "load" });
  await byKeyboard(scripted);
  // The page for addresses that are not there is served at any depth, so its
  // links start at the host's root and cannot work from a file.
  if (file === "404.html") continue;
  at = `${file} (opened as a file)`;
  await scripted.goto(pathToFileURL(resolve(folder, file)).href, { waitUntil: "load" });
  const seen = await scripted.evaluate(() => ({
    sheets: document.styleSheets.length,
    // A link in a drawing has an address that may be animated.
    links: [...document.querySelectorAll("a[href]")].map((a) => a.href.baseVal ?? a.href).map((href) => new URL(href, document.baseURI).href),
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
await browser.close();
server.close();

for (const problem of problems.slice(0, 30)) console.log(problem);
console.log(`${pages.length} kinds of page at ${WIDTHS.length} widths, light and dark: ${problems.length} problems`);
process.exit(problems.length || pages.length < 10 ? 1 : 0);

// How far the page's parts moved after they were first painted.
function layoutShift() {
  return new Promise((done) => {
    let sum = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) sum += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
  });
}

// What axe finds, one line for each place.
async function faults() {
  const found = await window.axe.run(document, { resultTypes: ["violations"] });
  return found.violations.flatMap((fault) =>
    fault.nodes.slice(0, 3).map((node) => `axe: ${fault.id}: ${fault.help}: ${node.html.slice(0, 160)}`),
  );
}

// Goes through the page with the Tab key: the way past the menu comes first,
// every stop can be seen, and none is a trap.
async function byKeyboard(page) {
  const most = 40;
  const stops = await page.evaluate(() => {
    const can = "a[href], button, input, select, textarea, summary, [tabindex='0']";
    return [...document.querySelectorAll(can)].filter((one) => one.checkVisibility({ visibilityProperty: true })).length;
  });
  const been = new Set();
  for (let stop = 0; stop < Math.min(stops, most); stop++) {
    await page.keyboard.press("Tab");
    const on = await page.evaluate(() => {
      const one = document.activeElement;
      if (!one || one === document.body) return null;
      const box = one.getBoundingClientRect();
      const style = getComputedStyle(one);
      const label = one.labels?.[0] && getComputedStyle(one.labels[0]);
      const outlined = (s) => s && s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0;
      window.stops ??= [];
      if (!window.stops.includes(one)) window.stops.push(one);
      return {
        name: one.outerHTML.slice(0, 100),
        index: window.stops.indexOf(one),
        skip: one.className === "skip",
        seen: (box.width > 0 && box.height > 0) || Boolean(label),
        outlined: outlined(style) || outlined(label),
      };
    });
    if (!on) break;
    if (stop === 0 && !on.skip) say(`the first stop is ${on.name}`);
    if (been.has(on.index)) {
      say(`Tab does not leave ${on.name}`);
      break;
    }
    been.add(on.index);
    if (!on.seen) say(`a stop that cannot be seen: ${on.name}`);
    if (!on.outlined) say(`nothing shows that this has the focus: ${on.name}`);
  }
  if (stops > 1 && been.size < Math.min(stops, most) / 2) say(`only ${been.size} of ${stops} can be reached with Tab`);
}

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
