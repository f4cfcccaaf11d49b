// Keeps a page of the preview up to date. The server tells the whole state of
// the page whenever it is another: what stands for it, the style sheets as they
// are called now, and what is wrong with the files.
(() => {
  const script = document.currentScript;
  const base = new URL(".", script.src);
  const site = new URL("..", base);
  let isLeaving = false;
  addEventListener("pagehide", () => (isLeaving = true));

  const page = encodeURIComponent(script.dataset.page);
  const events = new EventSource(new URL(`events?page=${page}`, base));
  events.addEventListener("state", (event) => {
    const { seen, styles, problems } = JSON.parse(event.data);
    if (isLeaving) return;
    if (seen !== script.dataset.seen) {
      isLeaving = true;
      // Browsers keep the scroll position and the #part of the address.
      location.reload();
      return;
    }
    dress(styles);
    // A page that says nothing else than what is wrong needs no second report.
    if (!seen.startsWith("none")) tell(problems);
  });

  // Puts a style sheet that has changed in the place of its old self. The old
  // one stays until the new one is there, so that the page is never undressed.
  function dress(styles) {
    const family = (address) => address.replace(/\.[0-9a-f]{8}(\.\w+)?$/, "$1");
    for (const style of styles) {
      const address = new URL(style, site).href;
      const links = [...document.querySelectorAll('link[rel="stylesheet"]')];
      const same = links.filter((link) => family(link.href) === family(address));
      if (!same.length || same.some((link) => link.href === address)) continue;
      const fresh = same[0].cloneNode();
      fresh.href = address;
      fresh.addEventListener("load", () => same.forEach((link) => link.remove()));
      fresh.addEventListener("error", () => fresh.remove());
      same[same.length - 1].after(fresh);
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
