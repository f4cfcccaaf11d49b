// Looks at the live preview in Chromium while the files of a site change: what
// is loaded again and what is not, what a reader is told, and who catches up
// after what. Takes pictures of the two things that the preview itself shows.
//
//     node live.mjs PROGRAM SITE PICTURES CHROMIUM
//
// SITE, which uses the theme broadsheet, is copied, and the copy is served below
// a path. Leaves 1 where anything is not as it should be.

import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { chromium } from "playwright-core";
import { ARGUMENTS } from "./chromium.mjs";

const [programFile, from, pictures, executablePath] = process.argv.slice(2);
const program = resolve(programFile);
const PATIENCE = 15_000;
const SCHEMES = ["light", "dark"];
const WIDTHS = [360, 1440];

const place = mkdtempSync(join(tmpdir(), "onrecord-live-"));
const site = join(place, "site");
mkdirSync(pictures, { recursive: true });
mkdirSync(site);
for (const part of ["site.yaml", "content"]) cpSync(join(from, part), join(site, part), { recursive: true });
// A theme of the site's own, to be edited, whose style is as rude to what the
// preview adds as a style can be.
cpSync(join(from, "themes", "broadsheet"), join(site, "themes", "own"), { recursive: true });
// With integrity, an exchanged style sheet is not the one that its link has.
edit("site.yaml", "theme: broadsheet", "theme: own\nintegrity: true");
const RUDE = "body { transform: scale(1); } body > *, html > :not(head, body) { position: relative; max-width: 20rem; opacity: 0.9; }";
write("themes/own/style.css", `${read("themes/own/style.css")}\n${RUDE}\n`);
// A page that lets nothing in but its own files, written from right to left.
write("content/pages/strict.md", "---\ntitle: Strict\nlang: ar\n---\n\nNothing but its own.\n");
const POLICY = `<meta http-equiv="Content-Security-Policy" content="default-src 'self'">`;
write(
  "templates/page.html",
  `{% extends "onrecord/page.html" %}{% block head %}{{ super() }}{% if page.title == "Strict" %}${POLICY}{% endif %}{% endblock head %}`,
);
const ABOUT = "content/pages/about.md";
const GOOD = { [ABOUT]: read(ABOUT), "content/pages/how-to-cite.md": read("content/pages/how-to-cite.md") };

const problems = [];
let done = 0;
let server = await serve();
let context = await browser();

await check("a page that has changed is loaded again, at its place, and no other", async () => {
  const [one, other] = [await open("about.html"), await open("how-to-cite.html")];
  await one.evaluate(() => scrollTo({ top: 700, behavior: "instant" }));
  const before = await one.evaluate(() => scrollY);
  edit(ABOUT, "This site says", "This record tells");
  await shows(one, "This record tells");
  await loaded(one);
  await agrees("the scroll position", () => one.evaluate(() => scrollY), before);
  await pause(300);
  await same("the other page's marker", await other.evaluate(() => window.marker), "kept");
  await same("the page's marker", await one.evaluate(() => window.marker), undefined);
});

await check("an address with # is kept, and the place in the text that was read", async () => {
  const page = await open("about.html#what-the-marks-mean");
  const top = () => page.evaluate(() => Math.round(document.getElementById("what-the-marks-mean").getBoundingClientRect().top));
  // The theme scrolls there in its own time.
  let atHash;
  await until("the heading is in sight, and at rest", async () => {
    const before = await top();
    await pause(150);
    atHash = await top();
    return atHash === before && Math.abs(atHash) < 200;
  });
  edit(ABOUT, "The record does not decide who is right.", "The record decides nothing.");
  await shows(page, "The record decides nothing.");
  await loaded(page);
  await same("the hash", await page.evaluate(() => location.hash), "#what-the-marks-mean");
  await agrees("the heading's place", top, atHash);
  // Somebody who has read on from there stays where they are. It is done with
  // the wheel, since what a script does does not count as reading on.
  await page.mouse.move(200, 300);
  await page.mouse.wheel(0, 400);
  await agrees("the heading's place", top, atHash - 400);
  const further = await page.evaluate(() => scrollY);
  edit(ABOUT, "decides nothing", "never decides");
  await shows(page, "never decides");
  await loaded(page);
  await agrees("the scroll position", () => page.evaluate(() => scrollY), further);
});

await check("an error is shown over the last good version until it is mended", async () => {
  const [page, other] = [await open("about.html"), await open("how-to-cite.html")];
  edit(ABOUT, "title: About", "titel: [x]\ntitle: About");
  const overlay = page.locator("onrecord-problems");
  await overlay.locator("pre").waitFor();
  const report = await overlay.locator("pre").textContent();
  for (const part of ["content/pages/about.md:2:1", "titel: [x]", "^^^^^", "did you mean `title`?"]) {
    if (!report.includes(part)) throw new Error(`the report has no ${part}:\n${report}`);
  }
  await same("the heading", await overlay.locator("h2").textContent(), "1 error: this is the last good version");
  await same("its marker", await page.evaluate(() => window.marker), "kept");
  await other.locator("onrecord-problems pre").waitFor();
  await same("what is read out", await page.locator("onrecord-problems [role=alert]").textContent(), "1 error: this is the last good version");
  const host = await overlay.evaluate((host) => `${getComputedStyle(host).position} ${getComputedStyle(host).opacity}`);
  await same("its place, whatever the page's style says", host, "fixed 1");
  const box = await overlay.locator("pre").boundingBox();
  const view = page.viewportSize();
  if (box.y + box.height > view.height + 1 || box.width < view.width - 40) throw new Error(`it lies at ${JSON.stringify(box)}`);
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) throw new Error(`the page scrolls sideways by ${wide} px at ${width} px`);
      await page.screenshot({ path: join(pictures, `live-overlay-${width}-${colorScheme}.png`) });
    }
  }
  // Closed, it stays so while the report is the same, and comes back with another.
  await page.keyboard.press("Escape");
  await overlay.waitFor({ state: "detached" });
  edit(ABOUT, "titel: [x]", "titel: [x]\ntopcs: [y]");
  await overlay.locator("pre").waitFor();
  await same("the heading", await overlay.locator("h2").textContent(), "2 errors: this is the last good version");
  await overlay.locator("button").click();
  await overlay.waitFor({ state: "detached" });
  edit(ABOUT, "titel: [x]\ntopcs: [y]\n", "");
  await other.locator("onrecord-problems").waitFor({ state: "detached" });
  await same("its marker", await page.evaluate(() => window.marker), "kept");
  await same("the other's marker", await other.evaluate(() => window.marker), "kept");
});

await check("what a report says is text, whatever it says", async () => {
  const page = await open("about.html");
  edit(ABOUT, "title: About", "<img src=x onerror=alert(1)>: 1\ntitle: About");
  const report = page.locator("onrecord-problems pre");
  await report.waitFor();
  if (!(await report.textContent()).includes("<img src=x")) throw new Error(await report.textContent());
  await same("elements in the report", await report.locator("*").count(), 0);
});

await check("a page that lets nothing in from elsewhere is told too", async () => {
  const page = await open("strict.html");
  edit("content/pages/how-to-cite.md", "title:", "titel: x\ntitle:");
  const report = page.locator("onrecord-problems pre");
  await report.waitFor();
  const look = await report.evaluate((element) => {
    const { direction, overflowX } = getComputedStyle(element);
    const host = getComputedStyle(element.getRootNode().host);
    return [direction, overflowX, host.position, host.display !== "none"].join(" ");
  });
  await same("its look", look, "ltr auto fixed true");
});

await check("a style sheet is changed in place", async () => {
  const page = await open("about.html");
  const sheets = () => page.evaluate(() => document.querySelectorAll('link[rel~="stylesheet"]').length);
  const colour = () => page.evaluate(() => getComputedStyle(document.querySelector("h1")).color);
  const style = read("themes/own/style.css");
  const before = await sheets();
  const ink = await colour();
  for (const [text, expected] of [
    ["rgb(1, 2, 3)", "rgb(1, 2, 3)"],
    ["rgb(4, 5, 6)", "rgb(4, 5, 6)"],
  ]) {
    write("themes/own/style.css", `${style}\nh1 { color: ${text} !important; }\n`);
    await agrees("the colour", colour, expected);
  }
  // There, back, and there again before the browser has fetched anything.
  for (const text of ["7, 8, 9", "4, 5, 6", "7, 8, 9"]) {
    write("themes/own/style.css", `${style}\nh1 { color: rgb(${text}) !important; }\n`);
    await pause(30);
  }
  await agrees("the colour", colour, "rgb(7, 8, 9)");
  await agrees("the number of style sheets", sheets, before);
  await same("its marker", await page.evaluate(() => window.marker), "kept");
  write("themes/own/style.css", style);
  // Under another name it is another style sheet, and the page another page.
  write("themes/own/print.css", `${style}\nh1 { color: rgb(9, 9, 9) !important; }\n`);
  edit("themes/own/theme.yaml", "style.css", "print.css");
  await agrees("the colour", colour, "rgb(9, 9, 9)");
  edit("themes/own/theme.yaml", "print.css", "style.css");
  await agrees("the colour", colour, ink);
  rmSync(join(site, "themes/own/print.css"));
});

await check("an address at which there was nothing shows what comes to be there", async () => {
  const page = await open("soon.html");
  const bare = await open("soon");
  write("content/pages/soon.md", "---\ntitle: Soon\n---\n\nHere it is.\n");
  await shows(page, "Here it is.");
  await shows(bare, "Here it is.");
  rmSync(join(site, "content/pages/soon.md"));
  await shows(page, "There is no page at this address");
});

await check("a page outlives the server and learns what it missed", async () => {
  const [page, other] = [await open("about.html"), await open("how-to-cite.html")];
  await ended(server);
  edit(ABOUT, "This site says", "This record, meanwhile, says");
  await pause(1500);
  server = await serve(["--port", String(server.port)]);
  await shows(page, "This record, meanwhile, says");
  await pause(500);
  await same("the other's marker", await other.evaluate(() => window.marker), "kept");
  edit("content/pages/how-to-cite.md", "---\n\n", "---\n\nAnd one more thing.\n\n");
  await shows(other, "And one more thing.");
});

await check("more pages can be open than a browser keeps connections", async () => {
  const pages = [];
  for (let n = 0; n < 9; n++) {
    const page = await open(n === 0 ? "about.html" : "how-to-cite.html");
    // Without a window, all tabs of this browser think that they are in front.
    if (n < 8) await front(page, false);
    pages.push(page);
  }
  edit(ABOUT, "This site says", "This site, in the back, says");
  await pause(300);
  await same("the text of a page in the back", (await text(pages[0])).includes("in the back"), false);
  await front(pages[0], true);
  await shows(pages[0], "This site, in the back, says");
});

await check("a page that one comes back to is up to date", async () => {
  const page = await open("about.html");
  await page.goto(server.address + "how-to-cite.html", { waitUntil: "load" });
  await page.goBack({ waitUntil: "load" });
  edit(ABOUT, "This site says", "This site, once more, says");
  await shows(page, "This site, once more, says");
});

await check("a copy that does not get newer is not loaded for ever", async () => {
  const page = await context.newPage();
  let times = 0;
  await page.route("**/about.html", async (route) => {
    times += 1;
    const answer = await route.fetch();
    const body = (await answer.text()).replace(/data-seen="[^"]*"/, 'data-seen="old"');
    await route.fulfill({ response: answer, body });
  });
  await page.goto(server.address + "about.html", { waitUntil: "load" });
  await pause(2500);
  if (times > 3) throw new Error(`it was loaded ${times} times`);
});

await check("a site that cannot be shown says why, and comes up when it is mended", async () => {
  await ended(server);
  edit(ABOUT, "title: About", "titel: <b>x</b>\ntitle: About");
  server = await serve();
  const page = await open("about.html");
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) throw new Error(`the page scrolls sideways by ${wide} px at ${width} px`);
      await page.screenshot({ path: join(pictures, `live-nothing-${width}-${colorScheme}.png`) });
    }
  }
  await shows(page, "titel: <b>x</b>");
  await same("overlays", await page.locator("onrecord-problems").count(), 0);
  edit(ABOUT, "titel: <b>x</b>", "topcs: y");
  await shows(page, "topcs: y");
  if ((await text(page)).includes("titel")) throw new Error("the old report is still there");
  edit(ABOUT, "topcs: y\n", "");
  await shows(page, "This site says");
});

await context.close();
await ended(server);
rmSync(place, { recursive: true, force: true });

for (const problem of problems) console.log(problem);
console.log(`${done} things the preview does: ${problems.length} problems`);
process.exit(problems.length || done < 12 ? 1 : 0);

async function check(what, look) {
  for (const [path, good] of Object.entries(GOOD)) write(path, good);
  context.setDefaultTimeout(PATIENCE);
  done += 1;
  try {
    // As long as it takes until the site is whole again.
    const first = await open("about.html");
    if (server.exitCode === null) await shows(first, "This site says");
    await first.close();
    await look();
  } catch (error) {
    problems.push(`${what}: ${error.message}`);
  }
  for (const page of context.pages().slice(1)) await page.close();
}

async function browser() {
  const context = await chromium.launchPersistentContext(join(place, "profile"), {
    executablePath,
    viewport: { width: 1000, height: 600 },
    args: ARGUMENTS,
  });
  context.on("weberror", (error) => problems.push(`script: ${error.error().message}`));
  context.on("console", (message) => {
    // That the server is away, or a page is not there, is part of the tests.
    const isMeant = /Failed to load resource|ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET/;
    if (["error", "warning"].includes(message.type()) && !isMeant.test(message.text())) {
      problems.push(`console: ${message.text()}`);
    }
  });
  return context;
}

// Starts the preview and waits until it names its address.
async function serve(more = ["--port", "0"]) {
  const options = ["serve", site, "--base-url", "https://record.test/a/b/", ...more];
  const child = spawn(program, options, { stdio: ["ignore", "pipe", "ignore"] });
  const line = await new Promise((found, lost) => {
    child.stdout.once("data", (data) => found(String(data)));
    child.once("exit", (code) => lost(new Error(`the preview ended with ${code}`)));
  });
  child.address = line.match(/http:\S+/)[0].replace(/\/(a\/b\/)?$/, "/a/b/");
  child.port = Number(new URL(child.address).port);
  return child;
}

async function ended(child) {
  const end = new Promise((gone) => child.once("exit", gone));
  child.kill("SIGKILL");
  await end;
}

async function open(path) {
  const page = await context.newPage();
  await page.goto(server.address + path, { waitUntil: "load" });
  // It may be loaded again just now.
  await until("the page has its marker", () => page.evaluate(() => (window.marker = "kept")).catch(() => false));
  return page;
}

async function front(page, is) {
  await page.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
    Object.defineProperty(document, "hidden", { configurable: true, get: () => state === "hidden" });
    const tell = () => document.dispatchEvent(new Event("visibilitychange"));
    // A page that comes to the front may be loaded again, and this script with it.
    if (state === "visible") setTimeout(tell);
    else tell();
  }, is ? "visible" : "hidden");
}

function text(page) {
  return page.evaluate(() => document.body?.innerText ?? "").catch(() => "");
}

// Waits until a page shows these words.
async function shows(page, words) {
  await until(`\`${words}\` is shown`, async () => (await text(page)).includes(words));
}

async function loaded(page) {
  await page.waitForLoadState("load");
}

async function agrees(what, look, expected) {
  let last;
  await until(() => `${what} is ${last}, not ${expected}`, async () => {
    last = await look().catch((error) => error.message);
    return last === expected;
  });
}

async function same(what, found, expected) {
  if (found !== expected) throw new Error(`${what} is ${found}, not ${expected}`);
}

async function until(what, look) {
  const end = Date.now() + PATIENCE;
  while (!(await look())) {
    if (Date.now() > end) throw new Error(typeof what === "function" ? what() : `it never came to pass that ${what}`);
    await pause(25);
  }
}

function read(path) {
  return readFileSync(join(site, path), "utf8");
}

function write(path, text) {
  const file = join(site, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function edit(path, from, to) {
  const text = read(path);
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
  write(path, text.replace(from, () => to));
}
