// The search page: its form, filters and results. What is found, and in which order, is the engine's
// (find.js). No text of a report or of the address is ever read as HTML here.

const FIRST = 5, NEXT = 10; // results shown at first, which need few requests, and with each click
const LONGEST = 200; // characters of a query

const $ = (name) => document.getElementById(`site-${name}`);
const form = $("finder"), field = $("query"), options = $("suggestions"), panel = $("filters");
const status = $("status"), pages = $("pages"), list = $("results"), near = $("near"), more = $("more");
const words = form.dataset, language = document.documentElement.lang, title = document.title;
const selects = [...form.querySelectorAll("select")], filters = selects.filter((one) => one.name !== "sort");

let loading; // promise of the engine
let tries = 0; // a browser remembers an address from which it could not import
let newest = 0, typed = 0; // the last search, the last suggestions: answers to earlier ones are dropped
let found; // { query, chosen, sort, total, numbers, … } of the last search, once it is shown
let shown = 0; // how many of its results are on the page
let active = -1; // the suggestion that is chosen by the arrow keys

function engine() {
  return loading ??= import(words.engine + (tries++ ? `?${tries}` : "")).then(
    ({ Index, highlight }) => ({ index: new Index(words.index, language, words.more), highlight }),
    (error) => { loading = undefined; throw error; },
  );
}

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
  close();
  const isFiltered = filters.some((one) => one.value), sort = $("sort").value || "relevance";
  if (isFiltered) panel.open = true;
  found = undefined;
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
    list.replaceChildren();
    near.lastElementChild.replaceChildren();
    near.hidden = true;
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
  const { isAsked, query, total, nearest, incomplete } = found, says = [];
  if (isAsked && total && !nearest) says.push(total === 1 ? words.one : words.many.replace("{count}", number(total)));
  else if (isAsked) says.push(query ? words.none.replace("{query}", () => query) : words.nothing, nearest ? words.near.replace("{count}", number(total)) : query && words.other);
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

// What is below is pushed down with the click, not when the results come: the page does not move by itself.
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

// Filters, with how many reports of this query each would leave.
async function count() {
  const asked = found;
  if (!panel.open || !asked || !filters.length) return;
  try {
    const { index } = await engine(), terms = await index.terms();
    for (const select of filters) {
      const { [select.name]: own, ...others } = asked.chosen;
      const isAll = !asked.query && !Object.keys(others).length;
      const answer = own && !isAll ? await index.search(asked.query, { filters: others }) : asked;
      const counts = await index.facets(isAll ? null : answer.numbers.slice(0, answer.total));
      if (asked !== found) return;
      fill(select, counts[select.name], terms.filter((one) => one.taxonomy === select.name));
    }
  } catch (error) {
    console.error(error);
    if (asked === found) { found.incomplete = true; say(); }
  }
}

function fill(select, counts, terms) {
  const { name, value } = select;
  const all = name === "year" ? [...counts.keys()].sort((one, other) => other - one).map((year) => ({ id: year, trail: [year] })) : terms;
  const made = all.map(({ id, trail }) => new Option(`${"\u2003".repeat(trail.length - 1)}${trail.at(-1)} (${number(counts.get(id) ?? 0)})`, trail.join(" > ")));
  select.replaceChildren(select.options[0], ...made.filter((one, at) => counts.get(all[at].id) || one.value === value));
  select.value = value;
  if (!select.value) select.value = "";
}

// The options of a filter may be still to come.
function choose(select, value) {
  select.value = value;
  if (!select.value && value && filters.includes(select)) select.append(new Option(value, value, true, true));
  if (!select.value) select.value = "";
}

// Suggestions: the combobox of the ARIA Authoring Practices, with a list and without completion.
async function suggest() {
  const own = ++typed, text = field.value.trim();
  const all = await engine().then(({ index }) => index.suggest(text)).catch(() => []);
  if (own !== typed || document.activeElement !== field) return;
  options.replaceChildren(...(text ? all : []).map((one, at) => {
    const option = element("li", one.text);
    set(option, "role", "option");
    option.id = `site-option-${at}`;
    option.addEventListener("click", () => take(one));
    return option;
  }));
  open(options.children.length);
}

function take({ text, url }) {
  if (url) return location.assign(url);
  field.value = text;
  go();
}

function activate(at) {
  active = at;
  [...options.children].forEach((one, number) => set(one, "aria-selected", String(number === at)));
  const chosen = options.children[at];
  chosen?.scrollIntoView({ block: "nearest", behavior: "instant" });
  set(field, "aria-activedescendant", chosen?.id);
}

function open(isOpen) {
  options.hidden = !isOpen;
  set(field, "aria-expanded", String(!!isOpen));
  activate(-1);
}

function close() {
  typed++;
  open(false);
}

async function press(event) {
  if (event.isComposing) return;
  const isOpen = !options.hidden, step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    if (event.altKey && isOpen && step < 0) return close();
    if (!isOpen) await suggest();
    const count = options.children.length;
    if (!options.hidden && !event.altKey) activate(active < 0 ? (step > 0 ? 0 : count - 1) : (active + step + count) % count);
  } else if (event.key === "Enter" && active >= 0) {
    event.preventDefault();
    options.children[active].click();
  } else if (event.key === "Escape") {
    event.preventDefault();
    if (!isOpen) field.value = "";
    close();
  } else if (/^(Home|End|Arrow)/.test(event.key)) activate(-1);
}

function go() {
  const asked = String(new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim())));
  const address = asked && `?${asked}`;
  if (address !== location.search) history.pushState(null, "", address || location.pathname);
  if (matchMedia("(pointer: coarse)").matches) field.blur(); // puts the keyboard of a phone away
  search();
}

form.addEventListener("submit", (event) => { event.preventDefault(); go(); });
form.addEventListener("change", (event) => { if (event.target !== field) go(); });
field.addEventListener("focus", suggest);
field.addEventListener("input", suggest);
field.addEventListener("keydown", press);
field.addEventListener("blur", close);
options.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
panel.addEventListener("toggle", () => { if (panel.open && found) found.index ? count() : search(); });
more.addEventListener("click", showMore);
addEventListener("popstate", search);
search();
