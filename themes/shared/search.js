// The page to search: asks the index, and puts what it finds into a list.
//
// A record of a briefing has its claims as anchors: the place among its words
// at which a claim begins, and as id what is known of the claim. The index
// filters and ranks records; which claims of one fit is decided here. So is
// where a phrase stands of which the index lacks words. The state is in the
// address, so that a search can be linked to and gone back to. All words that
// readers see come from the template.
"use strict";
(() => {
  const form = document.getElementById("_search");
  const field = (name) => form.elements[name];
  const FILTERS = ["what", "speaker", "territory", "kind", "standing", "year"].filter(field);
  const OF_CLAIMS = ["kind", "standing"];
  const AT_ONCE = 10, LOOKED_AT = 20, CLAIMS_OF_ONE = 5, EXCERPT = 30, WAIT = 250;
  // Bytes of the index for a question, and those that a filter takes which most
  // records of a large site fit.
  const BUDGET = 110_000, OF_A_FILTER = 22_000;
  const results = document.getElementById("_results");
  const list = results.querySelector("ol");
  const count = document.getElementById("_count");
  const more = document.getElementById("_more");
  const { root, index } = form.dataset;
  const common = new Set(form.dataset.common?.split(" "));
  const say = (key, values = {}) =>
    Object.entries(values).reduce((words, [name, value]) => words.replace(`{${name}}`, () => value), form.dataset[key]);

  // Scripts of modules and `fetch` do not work from a file.
  if (location.protocol === "file:") return giveUp("sayFile");

  let asked = 0; // Counts searches: what an older one finds is thrown away.
  let found = []; // The records of the last one.
  let wanted; // What the last one asks for: see `telling`.
  let shown = { records: 0, results: 0 };
  let timer;

  let opened;
  const records = () => (opened ??= import(new URL(`${index}find.js`, location.href).href).then((find) => find.open(new URL(index, location.href).href)));

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
  for (const name of ["speaker", "territory"]) field(name).addEventListener("focus", () => offer(name), { once: true });
  more.addEventListener("click", async () => {
    const before = list.children.length;
    await show(asked);
    list.children[before]?.querySelector("a")?.focus();
  });
  fill();
  search();

  // Who or where can be asked for: all names of the index, which is long.
  async function offer(name) {
    try {
      const names = await (await records()).names(name);
      field(name).list.replaceChildren(...names.map((value) => element("option", { value })));
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
    const words = wordsOf(q ?? "");
    if (words.length && words.every((word) => common.has(word))) return tellCommon();
    count.textContent = say("sayBusy");
    try {
      const source = await records();
      if (own !== asked) return;
      wanted = q ? telling(q, filters, source) : { words: null };
      if (wanted.words === "") return tellCommon();
      const answer = await source.search(wanted.words, filters);
      if (own !== asked) return;
      found = wanted.phrase ? [...answer.filter(mayHave), ...answer.filter((one) => one.inMeta && !mayHave(one))] : answer;
      shown = { records: 0, results: 0 };
      list.replaceChildren();
      await show(own);
    } catch (error) {
      console.error(error);
      if (own === asked) giveUp("sayFailed");
    }
  }

  function tellCommon() {
    list.replaceChildren();
    more.hidden = true;
    count.textContent = say("sayCommon");
  }

  // What of a question is asked. Not the words that are nearly everywhere, which
  // the index does not have; and of many the rarest, as each has to be loaded.
  // Where all is in quotation marks and some is not asked, the phrase is looked
  // for here.
  function telling(question, filters, source) {
    const all = wordsOf(question);
    const known = [...new Set(all)].filter((word) => !common.has(word));
    const cost = new Map(known.map((word) => [word, source.cost(word)]));
    const rarest = [...known].sort((a, b) => cost.get(a) - cost.get(b));
    let left = BUDGET - ["what", ...OF_CLAIMS].filter((name) => filters[name]).length * OF_A_FILTER;
    const asked = new Set(rarest.filter((word) => (left -= cost.get(word)) >= 0));
    if (all.every((word) => asked.has(word))) return { words: question };
    const phrase = /^".+"$/.test(question) && all;
    const words = known.filter((word) => asked.has(word)).join(" ");
    return { words, phrase, isCut: asked.size < known.length && !phrase };
  }

  function wordsOf(question) {
    return question.split(/\s+/).map(bare).filter(Boolean);
  }

  // A word in small letters, without the signs around it.
  function bare(word) {
    return word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "").toLowerCase();
  }

  // Whether the words of the phrase that were asked are as far apart as there.
  function mayHave(record) {
    const at = new Set(record.places);
    const known = new Set(wanted.words.split(" "));
    const steps = wanted.phrase.flatMap((word, step) => (known.has(word) ? [step] : []));
    return record.places.some((place) => steps.every((step) => at.has(place + step - steps[0])));
  }

  // The places of all words of the phrase among these.
  function places(words) {
    const plain = words.map(bare);
    const starts = [...plain.keys()].filter((start) => wanted.phrase.every((word, step) => plain[start + step] === word));
    return starts.flatMap((start) => wanted.phrase.map((_, step) => start + step));
  }

  // Shows results of further records, until there are enough or no more.
  async function show(own) {
    let fresh = 0;
    // Of a filter's records few may have a claim that fits, and each is loaded.
    const last = Math.min(shown.records + LOOKED_AT, found.length);
    while (fresh < AT_ONCE && shown.records < last) {
      const next = found.slice(shown.records, shown.records + AT_ONCE);
      const data = await Promise.all(next.map((result) => result.record()));
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
    count.textContent = told();
  }

  // How many there are, and whether not all words were asked.
  function told() {
    const { records, results } = shown;
    const cut = wanted.isCut ? `${say("sayCut", { words: wanted.words })} ` : "";
    if (!results && more.hidden) return cut + say("sayNone");
    return cut + say("sayFound", { shown: results, looked: records, records: found.length });
  }

  // What of a record fits: itself, and those of its claims; and of these the ones
  // that have the most of the words.
  function hitsOf(record, result) {
    const { q, ...filters } = state();
    const words = record.content.split(/\s+/);
    const { title, who, when, what } = record.meta;
    const kind = (record.filters.what ?? []).find((value) => value !== "claim");
    const marked = new Set(wanted.phrase ? places(words) : result.places);
    const inTitle = wanted.phrase ? places(title.split(/\s+/)).length > 0 : result.inMeta;
    const anchors = record.anchors.filter((anchor) => anchor.element === "claim");
    const own = { from: 0, to: anchors[0]?.location ?? words.length };
    const claims = anchors.map((anchor, n) => ({
      from: anchor.location, to: anchors[n + 1]?.location ?? words.length, facts: JSON.parse(decodeURIComponent(anchor.id)),
    })).filter(({ facts }) => (!filters.what || filters.what === "claim") && fits(facts, filters));
    const isOwn = (!filters.what || filters.what === kind) && !OF_CLAIMS.some((name) => filters[name])
      && (!filters.year || Boolean(when?.includes(filters.year)));
    const found = ({ from, to }) => new Set([...marked].filter((at) => at >= from && at < to).map((at) => bare(words[at]))).size;
    const most = q ? Math.max(1, ...(isOwn ? [own, ...claims] : claims).map(found)) : 0;
    const hits = [];
    if (isOwn && (found(own) >= most || inTitle)) {
      hits.push(item(kind, record.url, [title], [what, who, when], null, excerpt(words, marked, own)));
    }
    for (const claim of claims.filter((claim) => found(claim) >= most)) {
      if (hits.length > CLAIMS_OF_ONE) break;
      const { facts } = claim;
      const by = facts.by.length ? facts.by.join(", ") : say("sayNobody");
      const via = facts.via.length && say("sayThrough", { names: facts.via.join(", ") });
      const about = [by, via, facts.when, label("kind", facts.kind), ...facts.standing.map((word) => label("standing", word))];
      hits.push(item("claim", facts.url, excerpt(words, marked, claim), about, [record.url, title]));
    }
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

  // The words of a range around the first that was found, those found marked
  // without the signs around them.
  function excerpt(words, marked, { from, to }) {
    const first = [...marked].filter((at) => at >= from && at < to).sort((a, b) => a - b)[0] ?? from;
    const start = Math.max(from, Math.min(first - EXCERPT / 3, to - EXCERPT)) | 0;
    const end = Math.min(to, start + EXCERPT);
    const parts = start > from ? ["… "] : [];
    for (let at = start; at < end; at += 1) {
      if (at > start) parts.push(" ");
      const [, before, word, after] = /^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}]*)$/u.exec(words[at]);
      if (marked.has(at)) parts.push(before, element("mark", {}, word), after);
      else parts.push(words[at]);
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
