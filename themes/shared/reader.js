// What makes reading easier where scripts run. Every page is whole without it:
// previews of what a link leads to, buttons that copy a citation, tables that can
// be sorted, and indexes that can be filtered. Themes share it: one that names
// `reader.js` and has none of its own is given this one.
"use strict";

// ---- Previews: the head of the page that a link leads to -------------------

(() => {
  const LIMIT = 300_000; // characters of a page that is looked into
  const known = new Map(); // address -> what to show, or null
  const here = location.href.split("#")[0];
  let card = null;
  let of = null; // the link that the card is shown for
  let timer = 0;

  // Opened as a file, a page may not read another.
  if (location.protocol === "file:") return;

  const leads = (target) => {
    const link = target.closest?.("main a[href]");
    if (!link || link.origin !== location.origin || link.closest(".preview, nav")) return null;
    const address = link.href.split("#")[0];
    return address === here || !/(\.html|\/)$/.test(new URL(address).pathname) ? null : link;
  };

  const read = async (address) => {
    if (!known.has(address)) {
      known.set(address, null);
      try {
        const answer = await fetch(address, { headers: { accept: "text/html" } });
        const text = answer.ok ? await answer.text() : "";
        if (text && text.length < LIMIT) {
          const page = new DOMParser().parseFromString(text, "text/html");
          known.set(address, page.querySelector("main .page-head"));
        }
      } catch {
        // Without an answer there is no preview, and the link still leads there.
      }
    }
    return known.get(address);
  };

  const show = async (link) => {
    const head = await read(link.href.split("#")[0]);
    if (!head || of !== link) return;
    hide();
    of = link;
    card = document.createElement("div");
    card.className = "preview";
    card.id = "_preview";
    card.setAttribute("role", "tooltip");
    const take = ".kicker, h1, .standfirst, .facts, .summary";
    for (const part of [...head.querySelectorAll(take)].slice(0, 4)) {
      const line = document.createElement(part.localName === "h1" ? "strong" : "p");
      line.textContent = part.textContent.trim();
      line.className = part.className;
      for (const name of ["lang", "dir"]) {
        if (part.hasAttribute(name)) line.setAttribute(name, part.getAttribute(name));
      }
      card.append(line);
    }
    document.body.append(card);
    link.setAttribute("aria-describedby", card.id);
    const box = link.getClientRects()[0] ?? link.getBoundingClientRect();
    const own = card.getBoundingClientRect();
    const room = document.documentElement.clientWidth;
    const left = Math.max(8, Math.min(box.left, room - own.width - 8));
    const below = box.bottom + 6 + own.height < innerHeight || box.top < own.height + 6;
    const top = below ? box.bottom + 6 : box.top - own.height - 6;
    card.style.left = `${left + scrollX}px`;
    card.style.top = `${top + scrollY}px`;
    card.addEventListener("pointerleave", leave);
    card.addEventListener("pointerenter", () => clearTimeout(timer));
  };

  const hide = () => {
    clearTimeout(timer);
    of?.removeAttribute("aria-describedby");
    card?.remove();
    card = of = null;
  };

  const leave = () => {
    clearTimeout(timer);
    timer = setTimeout(hide, 200);
  };

  const come = (link, wait) => {
    if (link === of) return clearTimeout(timer);
    hide();
    of = link;
    timer = setTimeout(show, wait, link);
  };

  if (matchMedia("(hover: hover)").matches) {
    document.addEventListener("pointerover", (event) => {
      const link = leads(event.target);
      if (link) come(link, 350);
      else if (of && !event.target.closest?.(".preview")) leave();
    });
  }
  document.addEventListener("focusin", (event) => {
    const link = leads(event.target);
    if (link?.matches(":focus-visible")) come(link, 500);
    else hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
})();

// ---- Copying: a button copies what stands before it -------------------------

for (const button of document.querySelectorAll("button.copy")) {
  const words = button.textContent;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    const before = button.previousElementSibling;
    const link = before.querySelector("a");
    try {
      await navigator.clipboard.writeText(link ? link.href : before.textContent);
      button.textContent = button.dataset.copied;
      setTimeout(() => (button.textContent = words), 2000);
    } catch {
      // Where a page may not write to the clipboard, the words are selected.
      getSelection().selectAllChildren(before);
    }
  });
}

// ---- Lists: sorted by the heads of their tables -----------------------------

// What sorts a list, by the list.
const sorters = new Map();

(() => {
  const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
  const text = (item, what) => item.querySelector(`.${what}`)?.textContent.trim() ?? "";
  // What an item is sorted by; an empty text where it has nothing of the kind.
  const keys = {
    // A day whose year is not known has no place among the others.
    when: (item) => item.querySelector(".when time")?.dateTime.match(/^\d{4}.*/)?.[0] ?? "",
    count: (item) => text(item, "count").match(/\d+/)?.[0] ?? "",
  };
  // Of dates and numbers the last and the largest come first.
  const isDown = (what) => what in keys;

  class Sorter {
    heads = new Map(); // what is sorted by -> its head
    what = "";
    isReversed = false;

    constructor(list) {
      this.list = list;
      this.items = [...list.children];
    }

    has(what) {
      return this.items.some((item) => text(item, what));
    }

    // Sorts by a part of the items, or, by nothing, as they came.
    by(what, isReversed = false) {
      this.what = what;
      this.isReversed = isReversed;
      const key = keys[what] ?? ((item) => text(item, what));
      const sign = isDown(what) !== isReversed ? -1 : 1;
      const keyed = this.items.map((item) => [what ? key(item) : "", item]);
      // Items without a key stay at the end, whichever way the others run.
      const order = ([a], [b]) => (a === "") - (b === "") || sign * compare(a, b);
      this.list.append(...keyed.sort(order).map(([, item]) => item));
      for (const [of, head] of this.heads) {
        if (of === what) head.ariaSort = sign < 0 ? "descending" : "ascending";
        else head.removeAttribute("aria-sort");
      }
    }
  }

  for (const list of document.querySelectorAll(".cards")) {
    const sorter = new Sorter(list);
    sorters.set(list, sorter);
    if (sorter.items.length < 2) continue;
    for (const head of list.closest("table")?.tHead?.querySelectorAll("[data-sort]") ?? []) {
      const what = head.dataset.sort;
      if (!sorter.has(what)) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      sorter.heads.set(what, head);
      // The first way, then the other, then as they came.
      button.addEventListener("click", () => {
        if (sorter.what !== what) sorter.by(what);
        else if (!sorter.isReversed) sorter.by(what, true);
        else sorter.by("");
      });
    }
  }
})();

// ---- Indexes: filtered, and sorted without the heads of a table --------------

(() => {
  const place = document.querySelector(".sieve");
  if (!place) return; // So few items can be seen at a glance.
  const index = place.nextElementSibling;
  const sorter = sorters.get(index.querySelector(".cards"));
  const items = sorter.items;
  const words = index.dataset;
  const all = (item, what) => [...item.querySelectorAll(what)].map((one) => one.textContent.trim()).filter(Boolean);
  const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;

  const bar = document.createElement("form");
  bar.setAttribute("role", "search");
  bar.addEventListener("submit", (event) => event.preventDefault());
  const field = (name, control) => {
    const label = document.createElement("label");
    label.append(name, " ", control);
    bar.append(label);
    return control;
  };
  const choice = (name, values) => {
    const select = document.createElement("select");
    select.append(...values.map(([value, words]) => new Option(words, value)));
    return field(name, select);
  };

  const shown = document.createElement("output");
  const wanted = document.createElement("input");
  wanted.type = "search";
  field(words.filter, wanted);
  const facets = [".kind", ".tag", ".rating"].flatMap((what) => {
    const found = new Set(items.flatMap((item) => all(item, what)));
    const isEverywhere = items.every((item) => all(item, what).length);
    if (found.size < (isEverywhere ? 2 : 1)) return [];
    const values = [...found].sort(compare).map((one) => [one, one]);
    return [[what, choice(words[what.slice(1)], [["", words.all], ...values])]];
  });
  for (const control of [wanted, ...facets.map(([, select]) => select)]) {
    control.addEventListener("input", sieve);
  }
  if (!sorter.heads.size) {
    const there = ["title", "by", "when", "count"].filter((what) => sorter.has(what));
    const order = choice(words.sort, [["", "–"], ...there.map((what) => [what, words[what]])]);
    order.addEventListener("input", () => sorter.by(order.value));
  }
  bar.append(shown);
  place.append(bar);

  function sieve() {
    const terms = wanted.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const item of items) {
      const words = item.textContent.toLowerCase();
      const fits =
        terms.every((term) => words.includes(term)) &&
        facets.every(([what, select]) => !select.value || all(item, what).includes(select.value));
      item.hidden = !fits;
      count += fits;
    }
    shown.value = words.shown.replace("{n}", count).replace("{total}", items.length);
  }
  sieve();
})();
