// Runs in every page of the preview, in none of the site: reloads the page when it has changed,
// swaps stylesheets, and lays mistakes over the last good page. Texts of sources are only ever set
// as text: they may hold anything.
(() => {
  "use strict";
  const script = document.currentScript;
  const own = script.dataset.page;
  const place = "kheo-preview-scroll";
  const TAG = /<script src="[^"]*" data-page="([^"]*)" defer><\/script>/;
  const SHEET = /(<link rel="stylesheet" href=")[^"]*(")/g;

  // --- the page itself ---------------------------------------------------------------------------

  const address = location.pathname + location.search;
  const read = async () => (await fetch(address, { cache: "no-store" })).text();
  const stateOf = text => (TAG.exec(text) || ["", ""])[1];
  const withoutStyles = text => text.replace(TAG, "").replace(SHEET, "$1$2");
  const first = read().catch(() => "");
  let shown = own;

  async function compare() {
    const before = await first;
    const now = await read();
    const state = stateOf(now);
    if (!state || state === shown) return;
    if (stateOf(before) === own && withoutStyles(before) === withoutStyles(now)) {
      shown = state;
      swapAll(now);
    } else {
      reload();
    }
  }

  function reload() {
    sessionStorage.setItem(place, JSON.stringify([address, scrollX, scrollY]));
    location.reload();
  }

  function restore() {
    const kept = sessionStorage.getItem(place);
    if (!kept) return;
    sessionStorage.removeItem(place);
    const [where, x, y] = JSON.parse(kept);
    if (where === address) scrollTo({ left: x, top: y, behavior: "instant" });
  }

  // --- stylesheets -------------------------------------------------------------------------------

  const sheets = () => [...document.querySelectorAll('link[rel="stylesheet"]:not([data-going])')];
  const nameOf = link => link.dataset.name || new URL(link.href).pathname.split("/").pop().replace(/\.[0-9a-f]{8}(?=\.css$)/, "");

  // The new sheet is there before the old one goes: the page is never without.
  function swap(link, href, name) {
    const next = link.cloneNode();
    next.href = href;
    next.dataset.name = name;
    link.dataset.going = "";
    next.addEventListener("load", () => link.remove());
    next.addEventListener("error", () => { next.remove(); delete link.dataset.going; });
    link.after(next);
  }

  function swapAll(text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const fresh = [...page.querySelectorAll('link[rel="stylesheet"]')].map(link => link.getAttribute("href"));
    sheets().forEach((link, number) => {
      if (fresh[number] && link.getAttribute("href") !== fresh[number]) swap(link, fresh[number], nameOf(link));
    });
  }

  function swapNamed(styles) {
    for (const style of styles) {
      for (const link of sheets()) {
        if (nameOf(link) === style.name && !link.href.endsWith(style.url)) swap(link, style.url, style.name);
      }
    }
  }

  // --- mistakes ----------------------------------------------------------------------------------

  const LOOK = `
    :host { all: initial; }
    section { position: fixed; inset: auto 0 0 0; z-index: 2147483647; max-height: 70vh; overflow: auto;
      box-sizing: border-box; padding: 1rem 1.25rem 1.25rem; background: #211d1a; color: #f4ede4;
      border-top: 4px solid #e0705c; font: 15px/1.5 system-ui, sans-serif; box-shadow: 0 -8px 30px #0008; }
    header { display: flex; justify-content: space-between; align-items: center; gap: 1rem; }
    h2 { margin: 0; font-size: 1.1rem; color: #f2a092; }
    button { font: inherit; color: inherit; background: none; border: 1px solid #857a71; border-radius: 4px; padding: .1rem .7rem; cursor: pointer; }
    article { margin-top: 1rem; }
    p { margin: .15rem 0; overflow-wrap: anywhere; }
    .file { font-family: ui-monospace, monospace; color: #f2c75c; }
    .message { font-weight: 700; }
    .hint { color: #93cba6; }
    pre { margin: .4rem 0; padding: .5rem .75rem; overflow-x: auto; background: #15110f; border-radius: 4px; font: 13px/1.55 ui-monospace, monospace; }
    .line { display: block; width: max-content; min-width: 100%; min-height: 1.55em; }
    .it { background: #5a211a; }
    .number { color: #a89a8d; user-select: none; }`;
  const host = document.createElement("kheo-preview");
  let closed = "";

  function element(name, kind, text, ...children) {
    const made = document.createElement(name);
    if (kind) made.className = kind;
    if (text) made.textContent = text;
    made.append(...children);
    return made;
  }

  function problem(one) {
    const article = element("article");
    const position = one.line ? `:${one.line}:${one.column}` : "";
    if (one.path) article.append(element("p", "file", one.path + position));
    article.append(element("p", "message", one.message));
    if (one.excerpt.length) {
      const width = String(one.excerpt[one.excerpt.length - 1].number).length;
      const lines = one.excerpt.map(line => element("span", line.is_highlighted ? "line it" : "line", "",
        element("span", "number", String(line.number).padStart(width) + "  "), line.text));
      article.append(element("pre", "", "", ...lines));
    }
    if (one.hint) article.append(element("p", "hint", one.hint));
    return article;
  }

  function overlay(state) {
    const told = JSON.stringify(state.problems);
    if (!state.problems.length || told === closed) {
      if (!state.problems.length) closed = "";
      host.remove();
      return;
    }
    const root = host.shadowRoot || host.attachShadow({ mode: "open" });
    const close = element("button", "", "×");
    close.type = "button";
    close.title = "Esc";
    close.setAttribute("aria-label", "Esc");
    close.addEventListener("click", hide);
    const section = element("section", "", "", element("header", "", "", element("h2", "", state.title), close),
      ...state.problems.map(problem));
    section.setAttribute("role", "alert");
    section.dataset.told = told;
    if (state.more) section.append(element("p", "", `+ ${state.more}`));
    const look = new CSSStyleSheet();
    look.replaceSync(LOOK);
    root.adoptedStyleSheets = [look];
    root.replaceChildren(section);
    document.documentElement.append(host);
  }

  function hide() {
    closed = host.shadowRoot?.firstChild?.dataset.told || "";
    host.remove();
  }

  addEventListener("keydown", event => { if (event.key === "Escape" && host.isConnected) hide(); });

  // --- the server --------------------------------------------------------------------------------

  // A browser opens six connections to a server at most: pages that nobody sees let theirs go.
  let source = null;

  function listen() {
    if (document.visibilityState === "hidden") {
      source?.close();
      source = null;
    } else if (!source) {
      source = new EventSource(script.src.replace(/preview\.js.*$/, "events"));
      source.onmessage = event => {
        const state = JSON.parse(event.data);
        overlay(state);
        swapNamed(state.styles);
        compare().catch(() => {}); // the server has gone: the next event comes when it is back
      };
    }
  }

  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", () => { source?.close(); source = null; });
  addEventListener("pageshow", listen);
  restore();
  listen();
})();
