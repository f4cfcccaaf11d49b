// Asks the index beside it: loads the parts that a question needs into what
// searches, Pagefind's WebAssembly, and the records that it finds.
//
// It stands in for Pagefind's own script, which does more than a page to search
// needs, in seven times the bytes. What it calls is that of Pagefind 1.6.0,
// which `search.rs` pins. A filter's values are on `SHELVES` shelves, each a
// filter to Pagefind, so that a browser loads the few values beside the one that
// is asked for; words that are nearly everywhere are written in `HIDDEN` letters,
// as no index has them. Both are as in `search.rs`.
const SHELVES = 32, HIDDEN = 0xf0000;

/** The index at this address, which ends with a slash. */
export async function open(folder) {
  // Its name is always the same, so a browser has to ask whether it still holds.
  const entry = await (await load("pagefind-entry.json", { cache: "no-cache" })).json();
  const [{ hash, wasm: words }] = Object.values(entry.languages);
  const [list, code] = await Promise.all([part(`pagefind.${hash}.pf_meta`), part(`wasm.${words ?? "unknown"}.pagefind`)]);
  const { instance } = await WebAssembly.instantiate(code, { "./pagefind_web_bg.js": { __wbindgen_init_externref_table } });
  const wasm = instance.exports;
  wasm.__wbindgen_start();
  let state = wasm.init_pagefind(...given(list));
  const indexes = new Map(), filters = new Map(), fragments = new Map();

  return { search, cost, names: async (filter) => (await load(`${filter}.json`)).json() };

  /** How many bytes of the index are needed to look a word up. */
  function cost(word) {
    const needed = told(wasm.request_indexes(state, ...text(plain(word).asked)));
    return needed.reduce((sum, name) => sum + Number(name.split("-")[1]) * 1000, 0);
  }

  /**
   * The records with these words and values of filters, best first; without
   * words all with the values. Each has the places of what was found among its
   * words, `score`, `inMeta` where a word is in its title or facts, and `record`,
   * which loads it: `url`, `content`, `meta`, `filters`, `anchors`.
   */
  async function search(question, wanted = {}) {
    const exact = /^\s*".+"\s*$/.test(question ?? "");
    const { original, asked } = plain(question ?? "");
    if (question !== null && !asked) return [];
    const shelves = Object.entries(wanted).map(([name, value]) => [shelf(name, value), value]);
    const limits = JSON.stringify(Object.fromEntries(shelves));
    const needed = told(wasm.request_indexes(state, ...text(asked)));
    const limiting = told(wasm.request_filter_indexes(state, ...text(limits)));
    await Promise.all([
      ...needed.map((name) => once(indexes, name, async () => {
        const bytes = await part(`index/${name}.pf_index`);
        state = wasm.load_index_chunk(state, ...given(bytes));
      })),
      ...limiting.map((name) => once(filters, name, async () => {
        const bytes = await part(`filter/${name}.pf_filter`);
        state = wasm.load_filter_chunk(state, ...given(bytes));
      })),
    ]);
    const answer = told(wasm.search(state, ...text(asked), ...text(original), ...text(limits), ...text(""), exact, false));
    return answer.results.map(({ p: name, s: score, l: words, mf: fields }) => ({
      score,
      places: words.map((word) => word.l),
      inMeta: Boolean(fields?.length),
      record: () => once(fragments, name, () => record(name)),
    }));
  }

  async function record(name) {
    const fragment = JSON.parse(new TextDecoder().decode(await part(`fragment/${name}.pf_fragment`)), (_, value) =>
      typeof value === "string" ? shown(value) : value);
    const filters = {};
    for (const [shelf, values] of Object.entries(fragment.filters)) (filters[shelf.split("-")[0]] ??= []).push(...values);
    return { ...fragment, filters };
  }

  async function load(name, how) {
    const response = await fetch(folder + name, how);
    if (!response.ok) throw new Error(`${response.status} for ${folder}${name}`);
    return response;
  }

  // A part without what marks it as one. A host may have undone its compression.
  async function part(name) {
    let bytes = new Uint8Array(await (await load(name)).arrayBuffer());
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
      const whole = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
      bytes = new Uint8Array(await new Response(whole).arrayBuffer());
    }
    return bytes.subarray("pagefind_dcd".length);
  }

  // What is loaded stays; what could not be is tried again the next time.
  function once(loaded, name, get) {
    if (!loaded.has(name)) loaded.set(name, get().catch((error) => { loaded.delete(name); throw error; }));
    return loaded.get(name);
  }

  // Where in its memory bytes are put, and how many; a text likewise.
  function given(bytes) {
    const at = wasm.__wbindgen_malloc(bytes.length, 1) >>> 0;
    new Uint8Array(wasm.memory.buffer).set(bytes, at);
    return [at, bytes.length];
  }
  function text(words) {
    return given(new TextEncoder().encode(words));
  }
  // What it answers, as a place and a length, read and let go.
  function told([at, length]) {
    const answer = new TextDecoder().decode(new Uint8Array(wasm.memory.buffer, at >>> 0, length));
    wasm.__wbindgen_free(at, length, 1);
    return JSON.parse(answer);
  }
  function __wbindgen_init_externref_table() {
    const table = instance.exports.__wbindgen_externrefs;
    const first = table.grow(4);
    table.set(0, undefined);
    [undefined, null, true, false].forEach((value, n) => table.set(first + n, value));
  }
}

function shelf(filter, value) {
  let sum = 0;
  for (const letter of value) sum += letter.codePointAt(0);
  return `${filter}-${sum % SHELVES}`;
}

function shown(text) {
  return text.replace(/[\u{f0000}-\u{ffffd}]/gu, (letter) => String.fromCodePoint(letter.codePointAt(0) - HIDDEN));
}

// Words without signs, and as they are in the index: without marks on letters too.
function plain(words) {
  const signs = /[\p{Pd}\p{Pe}\p{Pf}\p{Pi}\p{Po}\p{Ps}]/gu;
  const original = words.replace(signs, "").toLocaleLowerCase().trim().split(/\s+/).join(" ");
  const stripped = original.normalize("NFD").replace(/(?![\u3099\u309A])\p{M}/gu, "");
  // The marks of Japanese syllables tell words apart.
  return { original, asked: (/[\u3099\u309A]/.test(stripped) ? stripped.normalize("NFC") : stripped).trim() };
}
