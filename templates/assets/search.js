// The search page: its form, filters and results. No text of a report or of the address is read as HTML.

const FIRST = 3, NEXT = 10; // results shown at first, each of which may need a request, and with each click
const LONGEST = 200; // characters of a query

const $ = (name) => document.getElementById(`site-${name}`);
const form = $("finder"), field = $("query"), options = $("suggestions"), panel = $("filters");
const status = $("status"), pages = $("pages"), list = $("results"), near = $("near"), more = $("more");
const words = form.dataset, language = document.documentElement.lang, title = document.title;
const selects = [...form.querySelectorAll("select")], filters = selects.filter((one) => one.name !== "sort");

let newest = 0; // the last search: answers to earlier ones are dropped
let found; // { query, chosen, sort, total, numbers, … } of the last search, once it is shown
let shown = 0; // how many of its results are on the page
let assistant; // form.js, once loaded

// A module, fetched once. A browser remembers an address from which it could not import.
function loader(address, use = (module) => module) {
  let loading, tries = 0;
  return () => loading ??= import(address + (tries++ ? `?${tries}` : "")).then(use).catch((error) => { loading = undefined; throw error; });
}

const engine = loader(words.engine, ({ Index, highlight }) => ({ index: new Index(words.index, language, loader(words.more)), highlight }));
const assist = loader(words.form, (module) => assistant = module.default({ field, options, filters, engine, go, set, number }));

const set = (node, name, value) => value ? node.setAttribute(name, value) : node.removeAttribute(name);
const number = (count) => count.toLocaleString(language);

function element(name, text, parent, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  parent?.append(made);
  return made;
}

function link(text, url, parent) {
  const made = element("a", text, parent);
  made.href = url;
  return made;
}

// Appends a text with the words that were found marked.
function mark(text, parent) {
  for (const { text: piece, isMatch } of found.highlight(text, found.words))
    isMatch ? element("mark", piece, parent) : parent.append(piece);
  return parent;
}

// Filters by the identifiers of the index; the address has names, which stay the same.
async function identify(index) {
  const chosen = {}, terms = filters.some((one) => one.value) ? await index.terms() : [];
  for (const { name, value } of filters) {
    const term = terms.find((one) => one.taxonomy === name && one.trail.join(" > ") === value);
    if (name === "year" ? /^\d{1,4}$/.test(value) : term) chosen[name] = term?.id ?? value;
  }
  return chosen;
}

async function search() {
  const own = ++newest, address = new URLSearchParams(location.search);
  const query = (address.get("q") ?? "").trim().slice(0, LONGEST);
  field.value = query;
  document.title = query ? `${query} · ${title}` : title;
  for (const one of selects) choose(one, address.get(one.name) ?? "");
  assistant?.close();
  const isFiltered = filters.some((one) => one.value), sort = $("sort").value || "relevance";
  if (isFiltered) panel.open = true;
  found = undefined;
  // Gone with the key or click: later, it would move the page.
  for (const one of [list, near.lastElementChild]) one.replaceChildren();
  for (const one of [near, pages, more]) one.hidden = true;
  status.textContent = query || isFiltered ? words.wait : "";
  set(list, "aria-busy", "true");
  try {
    const { index, highlight } = query || isFiltered || panel.open ? await engine() : {};
    const chosen = isFiltered ? await identify(index) : {};
    const isAsked = query || Object.keys(chosen).length;
    const [answer, others] = isAsked ? await Promise.all([index.search(query, { filters: chosen, sort }), query ? index.pages(query).catch(() => null) : []]) : [{ total: 0, numbers: [] }, []];
    const records = answer.numbers.length ? await index.records(answer.numbers.slice(0, FIRST)) : [];
    if (own !== newest) return;
    found = { ...answer, query, chosen, sort, isAsked, index, highlight };
    found.incomplete ||= !others || records.includes(null);
    shown = 0;
    showPages(others ?? []);
    show(records);
    say();
    count();
  } catch (error) {
    console.error(error);
    if (own === newest) status.textContent = words.failed;
  }
  if (own === newest) set(list, "aria-busy");
}

function say() {
  const { isAsked, query, total, nearest, isCut, incomplete } = found, says = [];
  const near = () => words.near.replace("{count}", isCut ? words.over.replace("{count}", number(total)) : number(total));
  if (isAsked && total && !nearest) says.push(total === 1 ? words.one : words.many.replace("{count}", number(total)));
  else if (isAsked && (nearest || !incomplete)) says.push(query ? words.none.replace("{query}", () => query) : words.nothing, nearest ? near() : query && words.other);
  if (incomplete) says.push(words.part);
  status.textContent = says.filter(Boolean).join(" ");
}

function showPages(all) {
  pages.hidden = !all.length;
  pages.firstElementChild.replaceChildren(...all.map(({ kind, title, url, count }) => {
    const item = element("li"), to = link("", url, item);
    element("span", words[kind], to, "meta");
    to.append(` ${title}${count ? ` (${number(count)})` : ""}`);
    return item;
  }));
}

// Shows records behind those that are there; returns the first of the new results.
function show(records) {
  const items = records.flatMap((record, at) => {
    const isNear = found.nearest || shown + at >= found.total;
    if (!record) return [];
    if (isNear) near.hidden = false;
    const item = result(record, isNear ? "h3" : "h2");
    (isNear ? near.lastElementChild : list).append(item);
    return [item];
  });
  shown += records.length;
  more.hidden = shown >= found.numbers.length;
  return items[0];
}

function result({ title, url, date, day, category, authors, summary, attachments }, level) {
  const item = element("li", "", null, "card");
  mark(title, link("", url, element(level, "", item)));
  const about = element("p", "", item, "meta");
  element("time", date, about).dateTime = day;
  if (category.url) about.append(" · ", link(category.trail.join(" > "), category.url));
  authors.forEach((one, at) => about.append(at ? ", " : " · ", link(one.name, one.url)));
  if (summary) mark(summary, element("p", "", item, "summary"));
  const files = attachments.filter((one) => found.highlight(one.title, found.words).some((piece) => piece.isMatch));
  if (files.length) {
    const row = element("p", `${words.attachments}: `, item, "meta");
    files.forEach((one, at) => { if (at) row.append(", "); mark(one.title, link("", one.url, row)); });
  }
  return item;
}

// The page moves with the click, not when the results come.
async function showMore() {
  const asked = found, numbers = found?.numbers.slice(shown, shown + NEXT) ?? [];
  if (!numbers.length || list.hasAttribute("aria-busy")) return;
  set(list, "aria-busy", "true");
  const place = found.nearest || shown >= found.total ? near.lastElementChild : list;
  const room = numbers.map(() => element("li", "", place, "room"));
  const records = await asked.index.records(numbers).catch(() => numbers.map(() => null));
  for (const one of room) one.remove();
  if (asked !== found) return;
  set(list, "aria-busy");
  const first = show(records);
  if (records.includes(null)) { found.incomplete = true; say(); }
  first?.querySelector("a").focus();
}

// Counts beside the filters, once these are open.
async function count() {
  const asked = found;
  if (!panel.open || !asked || !filters.length) return;
  try {
    await (await assist()).count(asked, () => asked === found);
  } catch (error) {
    console.error(error);
    if (asked === found) { found.incomplete = true; say(); }
  }
}

// The options of a filter may be still to come.
function choose(select, value) {
  select.value = value;
  if (!select.value && value && filters.includes(select)) select.append(new Option(value, value, true, true));
  if (!select.value) select.value = "";
}

function go() {
  const asked = String(new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim())));
  const address = asked && `?${asked}`;
  if (address !== location.search) history.pushState(null, "", address || location.pathname);
  if (matchMedia("(pointer: coarse)").matches) field.blur(); // puts the keyboard of a phone away
  search();
}

const help = () => assist().catch(() => {}); // without it, the form works as others do
form.addEventListener("submit", (event) => { event.preventDefault(); go(); });
form.addEventListener("change", (event) => { if (event.target !== field) go(); });
field.addEventListener("focus", help);
panel.addEventListener("toggle", () => { if (panel.open) found ? count() : list.hasAttribute("aria-busy") || search(); });
more.addEventListener("click", showMore);
addEventListener("popstate", search);
search();
engine().then(({ index }) => index.about()).catch(() => {}); // what the first query needs, before it is asked
if (document.activeElement === field) help();
