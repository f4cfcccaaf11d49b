// The page to search: asks Pagefind's index, and puts what it finds into a list.
//
// A record of a briefing has its claims as anchors: the place among its words
// at which a claim begins, and as id what is known of the claim. Pagefind
// filters and ranks records; which claims of one fit is decided here. The state
// is in the address, so that a search can be linked to and gone back to. All
// words that readers see come from the template.
"use strict";
(() => {
  const form = document.getElementById("_search");
  const field = (name) => form.elements[name];
  const FILTERS = ["what", "speaker", "territory", "kind", "standing", "year"].filter(field);
  const OF_CLAIMS = ["kind", "standing"];
  const AT_ONCE = 10, CLAIMS_OF_ONE = 5, EXCERPT = 30, WAIT = 250;
  const results = document.getElementById("_results");
  const list = results.querySelector("ol");
  const count = document.getElementById("_count");
  const more = document.getElementById("_more");
  const { root, index } = form.dataset;
  const say = (key, values = {}) =>
    Object.entries(values).reduce((words, [name, value]) => words.replace(`{${name}}`, () => value), form.dataset[key]);

  // Scripts of modules and `fetch` do not work from a file.
  if (location.protocol === "file:") return giveUp("sayFile");

  let asked = 0; // Counts searches: what an older one finds is thrown away.
  let found = []; // The records of the last one.
  let shown = { records: 0, results: 0 };
  let timer;

  // No worker: it would load its own copy of all this, to do what takes some ms.
  let loading;
  const pagefind = () =>
    (loading ??= import(new URL(`${index}pagefind.js`, location.href).href).then((api) =>
      api.createInstance({ noWorker: true, baseUrl: "/" })));

  const state = () => {
    const values = ["q", ...FILTERS].map((name) => [name, field(name).value.trim()]);
    return Object.fromEntries(values.filter(([, value]) => value));
  };
  const address = () => {
    const query = new URLSearchParams(state()).toString();
    return location.pathname + (query ? `?${query}` : "");
  };
  const fill = () => {
    const query = new URLSearchParams(location.search);
    for (const name of ["q", ...FILTERS]) field(name).value = query.get(name) ?? "";
  };

  // Typing changes the entry of the history that it began; all else adds one.
  const go = (isNew) => {
    clearTimeout(timer);
    const next = address();
    if (next !== location.pathname + location.search) history[isNew ? "pushState" : "replaceState"](null, "", next);
    search();
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); go(true); });
  form.addEventListener("change", (event) => { if (event.target.name !== "q") go(true); });
  form.addEventListener("reset", () => setTimeout(() => { go(true); field("q").focus(); }));
  field("q").addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(go, WAIT, false); });
  field("q").addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !field("q").value) return;
    event.preventDefault();
    field("q").value = "";
    go(true);
  });
  addEventListener("popstate", () => { fill(); search(); });
  for (const name of ["speaker", "territory"]) field(name).addEventListener("focus", offer, { once: true });
  more.addEventListener("click", async () => {
    const before = list.children.length;
    await show(asked);
    list.children[before]?.querySelector("a")?.focus();
  });
  fill();
  search();

  // Who and where can be asked for: all names of the index, which is long.
  async function offer() {
    try {
      const filters = await (await pagefind()).filters();
      for (const [name, id] of [["speaker", "_speakers"], ["territory", "_territories"]]) {
        const names = Object.keys(filters[name] ?? {});
        document.getElementById(id).replaceChildren(...names.map((value) => element("option", { value })));
      }
    } catch { /* A name can still be typed. */ }
  }

  async function search() {
    const own = ++asked;
    const { q, ...filters } = state();
    if (!q && !Object.keys(filters).length) {
      results.hidden = true;
      return;
    }
    results.hidden = false;
    const wanted = telling(q);
    if (q && !wanted) {
      list.replaceChildren();
      more.hidden = true;
      count.textContent = say("sayCommon");
      return;
    }
    count.textContent = say("sayBusy");
    try {
      const answer = await (await pagefind()).search(wanted ?? null, { filters });
      if (own !== asked) return;
      found = answer.results;
      shown = { records: 0, results: 0 };
      list.replaceChildren();
      await show(own);
    } catch (error) {
      console.error(error);
      if (own === asked) giveUp("sayFailed");
    }
  }

  // What of a question is asked: words that are nearly everywhere, of which the
  // index is large, are not, unless it is all in quotation marks.
  function telling(question) {
    if (!question || question.startsWith('"')) return question;
    const common = new Set(form.dataset.common?.split(" "));
    return question.split(/\s+/).filter((word) => !common.has(word.toLowerCase())).join(" ");
  }

  // Shows results of further records, until there are enough or no more.
  async function show(own) {
    let fresh = 0;
    while (fresh < AT_ONCE && shown.records < found.length) {
      const next = found.slice(shown.records, shown.records + AT_ONCE);
      const data = await Promise.all(next.map((result) => result.data()));
      if (own !== asked) return;
      for (const [n, record] of data.entries()) {
        const hits = hitsOf(record, next[n]);
        list.append(...hits);
        fresh += hits.length;
        shown.records += 1;
        if (fresh >= AT_ONCE) break;
      }
    }
    shown.results += fresh;
    more.hidden = shown.records >= found.length;
    count.textContent = shown.results ? say("sayFound", { shown: shown.results, records: found.length }) : say("sayNone");
  }

  // What of a record fits: itself, and those of its claims.
  function hitsOf(record, result) {
    const { q, ...filters } = state();
    const words = record.content.split(/\s+/);
    const { title, who, when, what } = record.meta;
    const kind = (record.filters.what ?? []).find((value) => value !== "claim");
    const anchors = record.anchors.filter((anchor) => anchor.element === "claim");
    const places = new Set(record.locations);
    const starts = anchors.map((anchor) => anchor.location);
    const own = { from: 0, to: starts[0] ?? words.length };
    const has = ({ from, to }) => record.locations.some((at) => at >= from && at < to);
    const hits = [];
    const isOf = !filters.what || filters.what === kind;
    const inTitle = (result.matchedMetaFields ?? []).length > 0;
    if (isOf && !OF_CLAIMS.some((name) => filters[name]) && (!q || inTitle || has(own))) {
      hits.push(item(kind, record.raw_url, [title], [what, who, when], null, excerpt(words, places, own)));
    }
    if (filters.what && filters.what !== "claim") return hits;
    anchors.forEach((anchor, n) => {
      const range = { from: anchor.location, to: starts[n + 1] ?? words.length };
      const facts = JSON.parse(decodeURIComponent(anchor.id));
      if (hits.length > CLAIMS_OF_ONE || !fits(facts, filters) || (q && !has(range))) return;
      const by = facts.by.length ? facts.by.join(", ") : say("sayNobody");
      const via = facts.via.length && say("sayThrough", { names: facts.via.join(", ") });
      const about = [by, via, facts.when, label("kind", facts.kind), ...facts.standing.map((word) => label("standing", word))];
      hits.push(item("claim", facts.url, excerpt(words, places, range), about, [record.raw_url, title]));
    });
    return hits;
  }

  function fits(facts, { speaker, territory, kind, standing, year }) {
    return (!speaker || [...facts.by, ...facts.via].includes(speaker))
      && (!territory || facts.territories.includes(territory))
      && (!kind || facts.kind === kind)
      && (!standing || facts.standing.includes(standing))
      && (!year || facts.year === year);
  }

  // A word of the index as the filter has it for readers.
  function label(name, value) {
    return field(name).querySelector(`option[value="${value}"]`)?.text ?? value;
  }

  // The words of a range around the first that was found, those found marked.
  function excerpt(words, places, { from, to }) {
    const first = [...places].filter((at) => at >= from && at < to).sort((a, b) => a - b)[0] ?? from;
    const start = Math.max(from, Math.min(first - EXCERPT / 3, to - EXCERPT)) | 0;
    const end = Math.min(to, start + EXCERPT);
    const parts = start > from ? ["… "] : [];
    for (let at = start; at < end; at += 1) {
      if (at > start) parts.push(" ");
      parts.push(places.has(at) ? element("mark", {}, words[at]) : words[at]);
    }
    if (end < to) parts.push(" …");
    return parts;
  }

  function item(kind, url, words, about, briefing, text) {
    const facts = element("span", { className: "facts" });
    const add = (...parts) => facts.append(element("span", {}, ...parts), " ");
    add(element("span", { className: "tag" }, say(`say${kind[0].toUpperCase()}${kind.slice(1)}`)));
    about.filter(Boolean).forEach((fact) => add(fact));
    if (briefing) {
      const [before, after] = say("sayIn").split("{source}");
      add(before, element("a", { href: root + briefing[0] }, briefing[1]), after);
    }
    const parts = [element("a", { className: "title", href: root + url }, ...words), facts];
    if (text?.length) parts.push(element("p", { className: "summary" }, ...text));
    return element("li", { className: `card card-${kind}` }, ...parts);
  }

  function element(name, properties, ...parts) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...parts);
    return made;
  }

  function giveUp(key) {
    document.getElementById("_no_search_why").textContent = say(key);
    document.getElementById("_no_search").dataset.shown = "";
    form.hidden = true;
    results.hidden = true;
  }
})();
