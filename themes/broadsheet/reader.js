// What makes reading easier where scripts run. Every page is whole without it:
// previews of what a link leads to, buttons that copy a citation, and indexes
// that can be filtered and sorted.
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

// ---- Indexes ----------------------------------------------------------------

(() => {
  const place = document.querySelector(".sieve");
  if (!place) return; // So few items can be seen at a glance.
  const index = place.nextElementSibling;
  const list = index.querySelector(".cards");
  const items = [...list.children];
  const words = index.dataset;
  const text = (item, what) => item.querySelector(what)?.textContent.trim() ?? "";
  const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
  const date = (item) => item.querySelector(".when time")?.dateTime ?? "";
  const number = (item) => Number(text(item, ".count").match(/\d+/)?.[0] ?? 0);
  const orders = {
    title: (a, b) => compare(text(a, ".title"), text(b, ".title")),
    by: (a, b) => compare(text(a, ".by"), text(b, ".by")),
    // A day whose year is not known has no place among the others.
    when: (a, b) => year(b) - year(a) || date(b).localeCompare(date(a)),
    count: (a, b) => number(b) - number(a),
  };
  const year = (item) => Number(date(item).match(/^\d{4}/)?.[0] ?? 0);

  const bar = document.createElement("form");
  bar.setAttribute("role", "search");
  bar.addEventListener("submit", (event) => event.preventDefault());
  const field = (name, control) => {
    const label = document.createElement("label");
    label.append(name, " ", control);
    bar.append(label);
    control.addEventListener("input", sieve);
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
  const facets = [".kind", ".tag"].flatMap((what) => {
    const found = new Set(items.flatMap((item) => [...item.querySelectorAll(what)].map((one) => one.textContent.trim())));
    const all = items.every((item) => item.querySelector(what));
    if (found.size < (all ? 2 : 1)) return [];
    const values = [...found].sort(compare).map((one) => [one, one]);
    return [[what, choice(words[what.slice(1)], [["", words.all], ...values])]];
  });
  const there = Object.keys(orders).filter((what) => items.some((item) => item.querySelector(`.${what}`)));
  const order = choice(words.sort, [["", "–"], ...there.map((what) => [what, words[what]])]);
  bar.append(shown);
  place.append(bar);

  function sieve() {
    const terms = wanted.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const item of items) {
      const all = item.textContent.toLowerCase();
      const fits =
        terms.every((term) => all.includes(term)) &&
        facets.every(([what, select]) => !select.value || [...item.querySelectorAll(what)].some((one) => one.textContent.trim() === select.value));
      item.hidden = !fits;
      count += fits;
    }
    const sorted = order.value ? [...items].sort(orders[order.value]) : items;
    list.append(...sorted);
    shown.value = words.shown.replace("{n}", count).replace("{total}", items.length);
  }
  sieve();
})();
