// The search page: a form, filters and results over Pagefind's index, which is cut in years.
// Nothing that comes from a report is ever read as HTML here.

const PAGE = 10; // results shown at a time
const LOOKED_AT = 40; // results that are put in a better order
const QUOTED = 200; // results in which a quoted phrase is looked for
const LONGEST = 200; // characters of a query; more would only take time
const OPTIONS = { excerptLength: 32, ranking: { termSimilarity: 8, metaWeights: { title: 6, authors: 3, href: 0, date: 0, day: 0, keys: 0, category: 0.5 } } };

const $ = (name) => document.getElementById(`site-${name}`);
const form = $("finder"), field = $("query"), status = $("status"), list = $("results"), more = $("more");
const words = form.dataset;
const filters = [...form.querySelectorAll("select")];

const APART = 6; // the distance of a report that has the words, but not together
const END = "zq"; // of words that stand for the titles in the index; generator/kheo/search/parts.py

const loading = new Map(); // promises of Pagefind: one that takes accents as they are, one that folds them
let newest = 0; // the number of the last query: answers to earlier ones are dropped
let rest = []; // results that are not shown yet

async function load(exactDiacritics) {
  // A part that cannot be loaded is missing from the results; Pagefind itself would wait for it for ever.
  const parts = words.parts.split(" ");
  const there = await Promise.all(parts.map((part) => fetch(`${part}pagefind-entry.json`).then((answer) => answer.ok, () => false)));
  const [first, ...others] = parts.filter((_, number) => there[number]);
  const { createInstance } = await import(`${first}pagefind.js`);
  const options = { ...OPTIONS, exactDiacritics }, pagefind = createInstance({ basePath: first });
  await pagefind.options(options);
  await Promise.all(others.map((part) => pagefind.mergeIndex(part, options)));
  return pagefind;
}

function pagefind(isExact) {
  if (!loading.has(isExact)) loading.set(isExact, load(isExact));
  return loading.get(isExact);
}

function element(name, text, parent) {
  const made = document.createElement(name);
  made.textContent = text;
  parent?.append(made);
  return made;
}

const plain = (text) => ` ${(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(" ")} `;
const folded = (text) => plain(text.replaceAll(/[đĐ]/g, "d").normalize("NFD").replaceAll(/\p{M}/gu, ""));

// How well a report answers, 0 is best. Pagefind folds accents, finds `hoạch` for `hòa`, and sees no phrase
// in a text that has one of its words with another accent too; most Vietnamese words are two syllables.
function distance({ meta, raw_content: text }, query) {
  const places = [meta.title, meta.authors ?? "", text];
  const tries = [plain, folded].flatMap((form) => places.map((place) => [form(place), form(query)]));
  const found = tries.findIndex(([place, words]) => place.includes(words));
  return found < 0 ? APART : found;
}

// Whether a report has words that begin so. Pagefind shortens a word that it has not, to the last letter;
// what it does on purpose, `roads` to `road` in a language whose endings it knows, is no more than three.
function hasAll({ meta, raw_content: text }, query) {
  const all = folded(`${meta.title} ${meta.authors ?? ""} ${text}`);
  const short = (word, cut) => word.length > cut + 3 && all.includes(` ${word.slice(0, -cut)} `);
  return folded(query).trim().split(" ").every((word) => all.includes(` ${word}`) || [1, 2, 3].some((cut) => short(word, cut)));
}

// What stands for a title that has these words, one behind the other: `hoazq`, `conduongzq` and `duonghoazq`.
function titleKeys(query) {
  const all = folded(query).match(/\p{L}+/gu) ?? [];
  const pairs = all.slice(1).map((word, number) => all[number] + word);
  return (pairs.length ? pairs : all).slice(0, 8).map((key) => `"${key}${END}"`);
}

// Pagefind's results, those with the words in the title first. Who writes accents means them: all forms
// of the words, and longer words, are for queries without, and for those that are found nowhere.
async function candidates(query, isQuoted, filters) {
  const isMarked = /\p{M}/u.test(query.normalize("NFD"));
  for (const isExact of isMarked ? [true, false] : [false]) {
    const index = await pagefind(isExact);
    const { results } = await index.search(isExact && isQuoted ? `"${query}"` : query, { filters });
    if (!results.length) continue;
    const titled = await Promise.all(titleKeys(query).map((key) => index.search(key, { filters })));
    const has = titled.map((found) => new Set(found.results.map((one) => one.id)));
    const isTitled = (one) => has.every((ids) => ids.has(one.id));
    return [...results.filter(isTitled), ...results.filter((one) => !isTitled(one))];
  }
  return [];
}

async function find(query, chosen) {
  const isQuoted = /^".+"$/.test(query), words = plain(query).trim();
  if (!words) return (await (await pagefind(false)).search(null, { filters: chosen })).results;
  const results = await candidates(words, isQuoted, chosen);
  const looked = results.splice(0, isQuoted ? QUOTED : LOOKED_AT);
  const data = await Promise.all(looked.map((one) => one.data()));
  const good = data.filter((one) => hasAll(one, words));
  const ranked = good.map((one) => ({ distance: distance(one, words), day: one.meta.day, data: () => one }));
  // Of those that have the words together the newest is first; the others stay as Pagefind has them.
  ranked.sort((one, other) => one.distance - other.distance || (one.distance < APART && other.day.localeCompare(one.day)));
  if (isQuoted) return ranked.filter((one) => one.distance < APART);
  return ranked.length ? [...ranked, ...results] : [];
}

async function search() {
  const own = ++newest;
  const address = new URLSearchParams(location.search);
  const query = (address.get("q") ?? "").normalize("NFC").trim().slice(0, LONGEST);
  field.value = query;
  for (const one of filters) one.value = address.get(one.name) ?? "";
  status.textContent = words.wait;
  list.setAttribute("aria-busy", "true");
  try {
    const chosen = Object.fromEntries(filters.filter((one) => one.value).map((one) => [one.name, one.value]));
    const asked = plain(query).trim() || Object.keys(chosen).length;
    const found = asked ? await find(query, chosen) : [];
    if (own !== newest) return;
    list.replaceChildren();
    rest = found;
    status.textContent = !asked ? "" : !found.length ? words.none.replace("{query}", () => query)
      : found.length === 1 ? words.one : words.many.replace("{count}", found.length.toLocaleString(document.documentElement.lang));
    await show(own);
  } catch (error) {
    loading.clear(); // the next query tries again
    if (own === newest) status.textContent = words.failed;
    console.error(error);
  }
  if (own === newest) list.removeAttribute("aria-busy");
}

async function show(own) {
  const data = await Promise.all(rest.slice(0, PAGE).map((one) => one.data()));
  if (own !== newest) return;
  rest = rest.slice(PAGE);
  const items = data.map(result);
  list.append(...items);
  more.hidden = !rest.length;
  return items[0];
}

function result({ meta, content, excerpt, plain_excerpt: words }) {
  const item = document.createElement("li");
  item.className = "card";
  element("a", meta.title, element("h2", "", item)).href = meta.href;
  element("p", [meta.date, meta.category].filter(Boolean).join(" · "), item).className = "meta";
  const summary = element("p", "", item);
  summary.className = "summary";
  const cut = `${content.startsWith(words) ? "" : "… "}${excerpt}${content.endsWith(words) ? "" : " …"}`;
  for (const node of new DOMParser().parseFromString(cut, "text/html").body.childNodes)
    element(node.nodeName === "MARK" ? "mark" : "span", node.textContent, summary);
  return item;
}

function go() {
  const asked = [...new FormData(form)].filter(([, value]) => value);
  history.pushState(null, "", `?${new URLSearchParams(asked)}`);
  search();
}

form.addEventListener("submit", (event) => { event.preventDefault(); go(); });
form.addEventListener("change", (event) => { if (event.target !== field) go(); });
more.addEventListener("click", async () => (await show(newest))?.querySelector("a").focus());
addEventListener("popstate", search);
form.querySelector(".filters").hidden = false;
search();
