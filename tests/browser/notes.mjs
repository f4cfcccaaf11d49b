// Looks at how the notes of briefings stand by their text in Chromium, without
// scripts of the site's own: in the margin of a wide page, folded on a narrow
// one, below their sentence on paper; and at the switch of depths.
//
//     node notes.mjs FOLDER CHROMIUM [MOST]
//
// Looks at MOST briefings, 20 unless told. Leaves 1 where a note is hidden,
// overlaps another, or leaves its page.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { ARGUMENTS } from "./chromium.mjs";
import { serve } from "./serve.mjs";

const [folder, executablePath, most = 20] = process.argv.slice(2);
const { server, address } = await serve(folder, "/");
const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
const page = await (await browser.newContext()).newPage();
const problems = [];
let at = "";
const say = (what) => problems.push(`${at}: ${what}`);
const open = async (file, width, hash = "") => {
  await page.setViewportSize({ width, height: 900 });
  await page.goto("about:blank");
  await page.goto(address + encodeURI(file) + hash, { waitUntil: "load" });
};

const files = readdirSync(join(folder, "briefings")).filter((file) => file.endsWith(".html") && file !== "index.html");
let notes = 0;
for (const file of files.sort().slice(0, Number(most)).map((file) => `briefings/${file}`)) {
  for (const width of [900, 1440]) {
    at = `${file} (${width} px)`;
    await open(file, width);
    const seen = await page.evaluate(standing);
    notes += seen.length;
    seen.forEach((note, index) => {
      if (!note.height) say(`${note.id} is hidden`);
      if (note.left < 0 || note.right > width) say(`${note.id} leaves the page`);
      if (note.bottom > note.end + 1) say(`${note.id} leaves its text`);
      if (note.isOnText) say(`${note.id} stands on the text`);
      if (index && note.top < seen[index - 1].bottom) say(`${note.id} overlaps the note before`);
      // Only a note that follows another closely may stand below its sentence.
      const isPushed = index && note.top - seen[index - 1].bottom < 40;
      if (!isPushed && Math.abs(note.top - note.sentence) > 60) say(`${note.id} is not beside its sentence`);
    });
  }
  at = `${file} (360 px)`;
  await open(file, 360);
  const ids = (await page.evaluate(standing)).map((note) => note.id);
  const shown = async () => (await page.evaluate(standing)).filter((note) => note.height).map((note) => note.id);
  if ((await shown()).length) say("notes are not folded");
  for (const id of ids.slice(0, 3)) {
    const fold = page.locator(`[id="_fold-${id}"]`);
    await fold.focus();
    await page.keyboard.press("Space");
    if ((await shown()).join() !== id) say(`the box of ${id} does not unfold it alone`);
    if ((await page.evaluate(() => document.documentElement.scrollWidth)) > 360) say(`${id} scrolls sideways`);
    await page.locator(`label[for="_fold-${id}"]`).click();
    if ((await shown()).length) say(`the number of ${id} does not fold it`);
    await open(file, 360, `#${encodeURIComponent(id)}`);
    if ((await shown()).join() !== id) say(`a link to ${id} does not unfold it alone`);
    await open(file, 360);
  }
  at = `${file} (on paper)`;
  await page.emulateMedia({ media: "print" });
  if ((await shown()).length !== ids.length) say("a note is left out");
  await page.emulateMedia({ media: "screen" });
  at = `${file} (switch)`;
  await open(file, 1440);
  for (const choice of await page.locator(".depth input").evaluateAll((all) => all.map((one) => one.id))) {
    await page.locator(`[id="${choice}"]`).check();
    const hand = choice.replace("_depth-", "");
    const marks = await page.evaluate(() =>
      [...document.querySelectorAll(".text mark:not(.term)")].map((mark) => ({
        hand: mark.className.replace(/.*hand-/, ""),
        isSet: getComputedStyle(mark).backgroundColor !== "rgba(0, 0, 0, 0)",
      })),
    );
    if (marks.some((mark) => mark.isSet !== (hand === "all" || mark.hand === hand))) say(`${choice} sets others apart`);
  }
}
await browser.close();
server.close();
for (const problem of problems.slice(0, 30)) console.log(problem);
console.log(`${notes} notes looked at: ${problems.length} problems`);
process.exit(problems.length || !notes ? 1 : 0);

// Where each note in the text stands, and the end of the sentence before it.
function standing() {
  const text = document.querySelector(".text").getBoundingClientRect();
  return [...document.querySelectorAll(".text .note")].map((note) => {
    const { left, right, top, bottom, height } = note.getBoundingClientRect();
    // What is before it and its box, last line.
    let before = note.previousElementSibling.previousElementSibling.previousSibling ?? note.parentElement;
    while (before.nodeType === 1 && before.matches(".note, .fold, .fold-label") && before.previousSibling) before = before.previousSibling;
    const range = document.createRange();
    range.selectNodeContents(before);
    const lines = [...range.getClientRects()];
    const sentence = lines.length ? lines[lines.length - 1].top : top;
    const lineEnds = [...document.querySelectorAll(".text p, .text [role=paragraph]")].filter((p) => !p.closest(".note"));
    const isOnText = height > 0 && lineEnds.some((p) => {
      const style = getComputedStyle(p);
      const box = p.getBoundingClientRect();
      return style.display === "block" && box.left < right && left < box.right && box.top < bottom && top < box.bottom && innerWidth > 896;
    });
    return { id: note.id, left, right, top, bottom, height, end: text.bottom, sentence, isOnText };
  });
}
