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
  listen();

  function follow({ seen: now, styles, problems }) {
    if (now !== seen && !isReloaded(now)) {
      rest();
      location.reload(); // Keeps the place in the text, and the address with its #.
      return;
    }
    if (now === seen) isReloaded(null);
    dress(styles);
    // A page that is itself the report needs no second one.
    if (!seen.startsWith("none")) tell(problems);
  }

  // Whether the page was loaded for this state before, and still is another. So
  // it is where something between here and the server keeps an old copy; to
  // load it over and over would not help. Notes the state.
  function isReloaded(now) {
    const key = `onrecord: ${page}`;
    try {
      const before = sessionStorage.getItem(key);
      if (now === null) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, now);
      return now !== null && before === now;
    } catch {
      return false; // A page may be barred from keeping anything.
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
      link.href = wanted;
      link.addEventListener("load", () => links.forEach((old) => old.remove()));
      link.addEventListener("error", () => link.remove());
      last.after(link);
    }
  }

  // Shows what is wrong over the page, out of reach of the page's own style.
  let overlay;
  let closed;
  function tell(problems) {
    if (!problems) closed = undefined;
    if (!problems || problems === closed) {
      overlay?.remove();
      overlay = undefined;
      return;
    }
    if (!overlay) {
      overlay = document.createElement("onrecord-problems");
      overlay.attachShadow({ mode: "open" });
      const style = document.createElement("style");
      style.textContent = `
        :host { all: initial; position: fixed; inset: auto 0 0 0; z-index: 2147483647; color-scheme: dark }
        section { box-sizing: border-box; max-height: 60vh; overflow: auto; padding: .8rem 1rem 1rem;
          background: #1d1f23; color: #eceff4; border-top: .25rem solid #d9534a;
          font: 1rem/1.4 system-ui, sans-serif; box-shadow: 0 -.3rem 1.5rem rgb(0 0 0 / .35) }
        header { display: flex; gap: 1rem; align-items: start; justify-content: space-between }
        h2 { font-size: 1rem; margin: 0 }
        pre { margin: .6rem 0 0; font: .82rem/1.45 ui-monospace, monospace; overflow-x: auto; white-space: pre }
        button { font: inherit; color: inherit; background: none; border: 1px solid #8a909c;
          border-radius: .25rem; padding: .1rem .6rem; cursor: pointer }
        button:focus-visible { outline: .15rem solid #8ab4f8; outline-offset: .1rem }`;
      const section = document.createElement("section");
      section.setAttribute("role", "alert");
      const header = document.createElement("header");
      const heading = document.createElement("h2");
      heading.textContent = "Something is wrong with the files: this is the last good version";
      const button = document.createElement("button");
      button.textContent = "Close";
      button.addEventListener("click", close);
      const report = document.createElement("pre");
      report.tabIndex = 0;
      header.append(heading, button);
      section.append(header, report);
      overlay.shadowRoot.append(style, section);
      document.body.append(overlay);
    }
    overlay.shadowRoot.querySelector("pre").textContent = problems;
    overlay.problems = problems;
  }

  function close() {
    closed = overlay?.problems;
    overlay?.remove();
    overlay = undefined;
  }
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && overlay) close();
  });
})();
