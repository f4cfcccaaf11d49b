// Keeps a page of the preview up to date.
//
// The server tells the whole state of the page whenever it has changed, and
// once at the start. So nothing is lost while nobody listens: a page that was
// asleep, or that outlived the server, learns what it missed when it is back.
"use strict";

(() => {
  const script = document.currentScript;
  // This script is in a folder of its own below the site's root.
  const root = new URL("../", script.src);
  const { page, seen } = script.dataset;
  const state = new URL(`~onrecord/events?page=${encodeURIComponent(page)}`, root);
  let source = null;

  function listen() {
    if (source || document.visibilityState === "hidden") return;
    source = new EventSource(state);
    source.addEventListener("state", (event) => follow(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      // The browser tries again by itself as a rule, but not after every error.
      if (source?.readyState !== EventSource.CLOSED) return;
      source = null;
      setTimeout(listen, 1000);
    });
  }

  function rest() {
    source?.close();
    source = null;
  }

  // A browser keeps no more than six connections to a host, so that a seventh
  // tab would never load if those that nobody looks at kept theirs.
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? rest() : listen()));
  // A page that is left may be kept, and come back as it was.
  addEventListener("pagehide", rest);
  addEventListener("pageshow", listen);
  let note = noted();
  // Browsers keep the place in the text by themselves, but where the address has
  // a #, Chromium goes back to that every now and then. Where a theme has it go there
  // smoothly, it adds in the next frame what it has gone so far.
  if (note.for === seen && location.hash) {
    const { left, top } = note;
    const goBack = () => scrollTo({ left, top, behavior: "instant" });
    addEventListener("load", () => {
      goBack();
      requestAnimationFrame(() => requestAnimationFrame(goBack));
    });
  }
  listen();

  function follow({ seen: now, styles, problems }) {
    if (now !== seen && note.for !== now) {
      rest();
      keep({ for: now, left: scrollX, top: scrollY });
      location.reload();
      return;
    }
    if (now === seen) {
      note = {};
      keep(null);
    }
    dress(styles);
    // A page that is itself the report needs no second one.
    if (!seen.startsWith("none")) tell(problems);
  }

  // What the page noted when it was loaded again: for which state, and where
  // in the text its reader was. If that state is still another one, something
  // between here and the server keeps an old copy, and to load it over and over
  // would not help.
  function noted() {
    try {
      return JSON.parse(sessionStorage.getItem(`onrecord: ${page}`)) ?? {};
    } catch {
      return {}; // A page may be barred from keeping anything.
    }
  }

  function keep(note) {
    try {
      if (note) sessionStorage.setItem(`onrecord: ${page}`, JSON.stringify(note));
      else sessionStorage.removeItem(`onrecord: ${page}`);
    } catch {
      // It then does without.
    }
  }

  // The name of a style sheet without the mark of its content.
  const unmarked = (address) => address.replace(/\.[0-9a-f]{8}(\.\w+)?$/, "$1");

  // Puts style sheets in the place of those of the same name. An old one goes
  // when the new one has arrived, so that the page is never without.
  function dress(styles) {
    for (const style of styles) {
      const wanted = new URL(style, root).href;
      const links = [...document.querySelectorAll('link[rel~="stylesheet"]')].filter(
        (link) => unmarked(link.href) === unmarked(wanted),
      );
      // The last one is what the page has, or will have once it has arrived.
      const last = links.at(-1);
      if (!last || last.href === wanted) continue;
      const link = last.cloneNode();
      link.removeAttribute("integrity"); // That of the old one.
      link.href = wanted;
      link.addEventListener("load", () => links.forEach((old) => old.remove()));
      link.addEventListener("error", () => link.remove());
      last.after(link);
    }
  }

  const LOOK = `
    :host {
      all: initial !important;
      position: fixed !important;
      inset: auto 0 0 0 !important;
      z-index: 2147483647 !important;
      direction: ltr !important;
      color-scheme: light dark !important;
      --ink: #2a1614; --paper: #fff8f6; --mark: #b3261e; --line: #e6cbc6;
    }
    @media (prefers-color-scheme: dark) {
      :host { --ink: #f3e2df; --paper: #2a1917; --mark: #f2867c; --line: #54332f; }
    }
    @media print { :host { display: none !important; } }
    section {
      display: flex; flex-direction: column; box-sizing: border-box; max-height: 60vh;
      border-top: 3px solid var(--mark); background: var(--paper); color: var(--ink);
      box-shadow: 0 -4px 24px rgb(0 0 0 / 25%); font: 15px/1.4 system-ui, sans-serif;
    }
    header {
      display: flex; align-items: center; justify-content: space-between; gap: 12px;
      padding: 4px 8px 4px 16px; border-bottom: 1px solid var(--line);
    }
    h2 { margin: 0; font: inherit; font-weight: 600; color: var(--mark); }
    button {
      flex: none; min-width: 44px; min-height: 44px; padding: 0 12px; border: 0; border-radius: 4px;
      background: none; color: inherit; font: inherit; cursor: pointer;
    }
    button:hover { background: var(--line); }
    pre {
      margin: 0; padding: 12px 16px 16px; overflow: auto; overscroll-behavior: contain; white-space: pre; tab-size: 4;
      font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "Noto Sans Mono", "DejaVu Sans Mono", monospace;
    }
    :is(button, pre):focus-visible { outline: 2px solid var(--mark); outline-offset: -2px; }
  `;

  let overlay = null;
  let closed = null; // The report that was closed, not to be shown again.

  // Shows what is wrong with the files, or that nothing is.
  function tell(problems) {
    if (!problems) {
      closed = null;
      hide();
    } else if (problems !== closed) {
      overlay ??= drawn(() => {
        closed = overlay?.report.textContent ?? null;
        hide();
      });
      const errors = problems.match(/^error\b/gm)?.length ?? 0;
      const what = errors === 1 ? "1 error" : errors > 1 ? `${errors} errors` : "Something is wrong";
      const heading = `${what}: this is the last good version`;
      // What is the same is not said again.
      if (overlay.heading.textContent !== heading) overlay.heading.textContent = heading;
      if (overlay.report.textContent !== problems) overlay.report.textContent = problems;
    }
  }

  function hide() {
    overlay?.host.remove();
    if (overlay) removeEventListener("keydown", overlay.onKey, true);
    overlay = null;
  }

  // An element that the site's own style cannot reach.
  function drawn(close) {
    const host = document.createElement("onrecord-problems");
    host.lang = "en";
    const shadow = host.attachShadow({ mode: "open" });
    // Unlike a style element it is allowed by every content security policy.
    const look = new CSSStyleSheet();
    look.replaceSync(LOOK);
    shadow.adoptedStyleSheets = [look];
    const add = (parent, name, attributes = {}) => {
      const element = document.createElement(name);
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      return parent.appendChild(element);
    };
    const section = add(shadow, "section", { "aria-label": "Problems" });
    const header = add(section, "header");
    // Only the heading is read out; the report is there for whoever goes there.
    const heading = add(add(header, "div", { role: "alert" }), "h2");
    const button = add(header, "button", { type: "button" });
    button.textContent = "Close";
    button.addEventListener("click", close);
    const report = add(section, "pre", { tabindex: "0", role: "region", "aria-label": "Report", dir: "ltr" });
    const onKey = (event) => {
      if (event.key === "Escape") close();
    };
    addEventListener("keydown", onKey, true);
    document.documentElement.append(host);
    return { host, heading, report, onKey };
  }
})();
