// Searches a built demo record in Chromium: at the root of a host and below a
// path, under the policy that docs/search.md asks for, with keys alone, with
// filters, by a link, back and forth, without a script, from a file, and with a
// page of the site under the strict policy. Counts the bytes of a first query,
// also for a word that is everywhere: 100 kB, of which 66 are what searches.
//
//     node search.mjs FOLDER PICTURES CHROMIUM [LIMIT WORDS]
//
// With WORDS it only searches FOLDER for them and prints what was loaded, which
// may be LIMIT bytes. Leaves 1 where anything is not as it should be.

import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { ARGUMENTS } from "./chromium.mjs";
import { POLICY, SEARCH_POLICY, serve } from "./serve.mjs";

const [folder, pictures, executablePath, limit = 100_000, words] = process.argv.slice(2);
const problems = [];
let done = 0;
mkdirSync(pictures, { recursive: true });
const profile = mkdtempSync(join(tmpdir(), "onrecord-chromium-"));
const context = await chromium.launchPersistentContext(profile, {
  executablePath,
  args: ARGUMENTS,
});
const page = await context.newPage();
let complaints = [];
page.on("console", (message) => {
  if (["error", "warning"].includes(message.type())) complaints.push(message.text());
});
page.on("pageerror", (error) => complaints.push(error.message));

if (words) await first(words);
else {
  for (const base of ["/", "/a/b/"]) await below(base);
  await first("the");
}
await context.close();
rmSync(profile, { recursive: true, force: true });
for (const problem of problems) console.log(problem);
console.log(`search: ${done} checks, ${problems.length} problems`);
process.exit(problems.length || !done ? 1 : 0);

async function below(base) {
  let loaded = [];
  const { server, address } = await serve(folder, base, watched((file) => loaded.push(file)));
  const strict = await serve(folder, base, () => ({ "content-security-policy": POLICY }));
  const hits = page.locator("ol.results > li");
  const status = page.locator("#_count");
  const answered = () => page.waitForFunction(() => /\d|Nothing/.test(document.getElementById("_count").textContent));
  const named = (what) => `${base}: ${what}`;

  await check(named("the form of the header leads to what was asked, with keys alone"), async () => {
    await page.goto(`${address}index.html`);
    await page.getByRole("searchbox", { name: "Search" }).focus();
    loaded = [];
    await page.keyboard.type("portrait");
    await page.keyboard.press("Enter");
    await page.waitForURL(/search\.html\?q=portrait$/);
    await answered();
    same("a claim is found", await hits.filter({ hasText: "Putin commissioned a portrait of Trump" }).count(), 1);
    const claim = hits.filter({ hasText: "Putin commissioned a portrait of Trump" });
    const said = await claim.innerText();
    for (const part of ["Claim", "Steven Witkoff", "Factual claim", "An envoy’s account"]) {
      if (!said.includes(part)) throw new Error(`the result does not show ${part}: ${said}`);
    }
    same("what was found is marked", await claim.locator("mark").first().innerText(), "portrait");
    same("the number is announced", await status.getAttribute("role"), "status");
    const parts = loaded.filter(([path]) => path.startsWith("pagefind/"));
    const bytes = parts.reduce((sum, [, length]) => sum + length, 0);
    console.log(`${base}: a first query loads ${bytes} bytes of the index in ${parts.length} files`);
    if (!bytes || bytes > Number(limit)) throw new Error(`${bytes} bytes`);
    await page.screenshot({ path: join(pictures, `search-${base.length}.png`), fullPage: true });
  });
  await check(named("a result can be reached and opened with keys"), async () => {
    const href = await hits.first().locator("a").first().getAttribute("href");
    await page.keyboard.press("Tab");
    for (let n = 0; n < 30; n += 1) {
      if (await page.evaluate(() => document.activeElement.matches("ol.results a.title"))) break;
      await page.keyboard.press("Tab");
    }
    same("the focus", await page.evaluate(() => document.activeElement.getAttribute("href")), href);
    const [answer] = await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    same("the page is there", answer.status(), 200);
    await page.goBack();
    await answered();
    same("and back", await page.locator("#_q").inputValue(), "portrait");
  });
  await check(named("a filter narrows, and is in the address"), async () => {
    const before = await hits.count();
    await page.getByLabel("Kind of claim").selectOption("evaluation");
    await page.waitForURL(/kind=evaluation/);
    await page.waitForFunction((before) => {
      const now = document.querySelectorAll("ol.results > li").length;
      return now > 0 && now < before;
    }, before);
    for (const text of await hits.allInnerTexts()) if (!text.includes("Evaluation")) throw new Error(text);
    const narrowed = await hits.count();
    await page.reload();
    await answered();
    same("a link to it", await hits.count(), narrowed);
    await page.goBack();
    await page.waitForFunction((before) => document.querySelectorAll("ol.results > li").length === before, before);
    same("the filter is off again", await page.getByLabel("Kind of claim").inputValue(), "");
  });
  await check(named("a speaker is picked from the list, with and without words"), async () => {
    await page.goto(`${address}search.html`);
    await page.getByLabel("Speaker").focus();
    await page.waitForFunction(() => document.querySelectorAll("#_speakers option").length > 5);
    await page.getByLabel("Speaker").fill("Vladimir Putin");
    await page.keyboard.press("Tab");
    await page.waitForURL(/speaker=Vladimir(\+|%20)Putin/);
    await answered();
    if (!(await hits.count())) throw new Error("nothing is found");
    same("the speaker's own page", await hits.locator("a.title", { hasText: /^Vladimir Putin$/ }).count(), 1);
  });
  await check(named("a territory is found by its name"), async () => {
    await page.goto(`${address}search.html?q=Crimea&what=territory`);
    await answered();
    same("the first", await hits.first().locator("a.title").innerText(), "Crimea");
  });
  await check(named("nothing is said to be nothing, and Escape empties the field"), async () => {
    await page.goto(`${address}search.html?q=xyzzyplugh`);
    await answered();
    same("words", await status.innerText(), "Nothing matches these words and filters.");
    await page.locator("#_q").focus();
    await page.keyboard.press("Escape");
    same("the field", await page.locator("#_q").inputValue(), "");
    same("the results", await page.locator("#_results").isVisible(), false);
    same("the address", new URL(page.url()).search, "");
  });
  await check(named("words that are nearly everywhere are not asked for"), async () => {
    const titles = async (words) => {
      await page.goto(`${address}search.html?q=${encodeURIComponent(words)}`);
      await answered();
      return (await hits.locator("a.title").allInnerTexts()).sort().join();
    };
    const all = await titles('"portrait of Trump"');
    // As the page of a record with a thousand briefings has it, where words are large.
    await page.route("**/search.html*", changed("data-say-none=", 'data-common="of the a" $&'));
    same("a phrase with them", await titles('"portrait of Trump"'), all);
    same("a claim has it", all.includes("Putin commissioned a portrait of Trump"), true);
    same("in another order", await titles('"Trump of portrait"'), "");
    same("of the other words", (await titles("the portrait")).includes("Putin commissioned a portrait of Trump"), true);
    await page.route("**/search.*.js", changed(/BUDGET = [0-9_]+/, "BUDGET = 2_000"));
    same("something is found by some of many", (await titles("of portrait commissioned Putin the envoy")).length > 0, true);
    same("those for which there is room", /^Of so many words only these are asked for: \w+\. Results/.test(await status.innerText()), true);
    const claim = "Putin commissioned a portrait of Trump";
    same("a long phrase is looked for", (await titles(`"${claim}"`)).startsWith(claim), true);
    for (const words of ["The of", '"of the"']) {
      await page.goto(`${address}search.html`);
      loaded = [];
      await page.locator("#_q").fill(words);
      await page.getByText("These words are in nearly everything").waitFor();
      same(`what is loaded for ${words}`, loaded.join(), "");
    }
  });
  await page.unrouteAll();
  await page.goto(`${address}search.html`);
  await check(named("what is typed is searched for after a moment, and no key is taken"), async () => {
    await page.locator("#_q").focus();
    await page.keyboard.type("prayed /?s");
    await page.waitForURL(/q=prayed/);
    same("the field", await page.locator("#_q").inputValue(), "prayed /?s");
  });
  await check(named("under the strict policy all else works, and search says what fails"), async () => {
    await page.goto(`${strict.address}index.html`);
    await page.goto(`${strict.address}briefings/an-envoys-account.html`);
    same("complaints", complaints.join(), "");
    await page.goto(`${strict.address}search.html?q=portrait`);
    await page.getByText("The search index could not be loaded").waitFor();
    complaints = [];
  });
  await check(named("without a script it says so, and links the indexes"), async () => {
    const plain = await context.browser()?.newContext({ javaScriptEnabled: false });
    const session = plain ? await plain.newPage() : page;
    if (!plain) await page.route("**/*.js", (route) => route.abort());
    await session.goto(`${address}search.html`);
    same("words", await session.getByText("Searching needs JavaScript").isVisible(), true);
    same("a link", await session.locator("main").getByRole("link", { name: "Claims" }).isVisible(), true);
    same("no form", await session.locator("form#_search").isVisible(), false);
    await plain?.close();
    await page.unroute("**/*.js");
    complaints = [];
  });
  await check(named("on a narrow screen nothing is cut off"), async () => {
    await page.setViewportSize({ width: 360, height: 900 });
    await page.goto(`${address}search.html?q=portrait`);
    await answered();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    await page.screenshot({ path: join(pictures, "search-narrow.png"), fullPage: true });
    await page.setViewportSize({ width: 1280, height: 800 });
    if (wide > 0) throw new Error(`it scrolls sideways by ${wide} px`);
  });
  if (base === "/") {
    await check("opened as a file it says that it needs a server", async () => {
      await page.goto(pathToFileURL(resolve(folder, "search.html")).href);
      same("words", await page.getByText("This page was opened as a file").isVisible(), true);
    });
  }
  server.close();
  strict.server.close();
}

async function first(words) {
  await check(words, async () => {
    const loaded = [];
    const { server, address } = await serve(folder, "/", watched((file) => loaded.push(file)));
    const start = Date.now();
    await page.goto(`${address}search.html?q=${encodeURIComponent(words)}`);
    await page.waitForFunction(() => /\d|Nothing|nearly everything/.test(document.getElementById("_count").textContent));
    console.log(`${Date.now() - start} ms: ${await page.locator("#_count").innerText()}`);
    const parts = loaded.filter(([path]) => path.startsWith("pagefind/"));
    const kinds = {};
    for (const [path, length] of parts) {
      const kind = path.split(".").at(-1);
      kinds[kind] = (kinds[kind] ?? 0) + length;
    }
    const bytes = parts.reduce((sum, [, length]) => sum + length, 0);
    console.log(`${bytes} bytes in ${parts.length} files: ${JSON.stringify(kinds)}; with the page ${loaded.reduce((sum, [, length]) => sum + length, 0)}`);
    server.close();
    if (bytes > Number(limit)) throw new Error(`${bytes} bytes are more than ${limit}`);
  });
}

// Serves a file with other words in it.
function changed(from, to) {
  return async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace(from, to) });
  };
}

// The policy of a host that lets only this page have what it needs; tells the
// path and length of each file.
function watched(tell) {
  return (file) => {
    tell([file, statSync(join(folder, file)).size]);
    return { "content-security-policy": file === "search.html" ? SEARCH_POLICY : POLICY };
  };
}

async function check(what, run) {
  done += 1;
  complaints = [];
  try {
    await run();
    if (complaints.length) throw new Error(`the browser complains: ${complaints.join("; ")}`);
  } catch (error) {
    problems.push(`${what}: ${error.message}`);
  }
}

function same(what, found, wanted) {
  if (found !== wanted) throw new Error(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
}
