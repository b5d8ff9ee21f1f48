// What the search engine (find.js) needs for some queries only: words near to those of the query, dates,
// filters and counts, suggestions. It gets the functions of find.js.

const CANDIDATES = 5; // words that may be meant by one that is not found
const TRIED = 3; // of these whose neighbours are looked at
const FEW = 3, NEAREST = 20; // reports that are too few, and how many near ones are shown then
const DAY = 864e5; // milliseconds

export default function more(index, tools) {
  const { LONGEST, EPOCH, PLACES, json, fold, spell, read, rank, unique, isMarked, isWhole, byScore, numbers, formsOf, dayOf } = tools;
  let dates;

  // Reports that miss a word of three, and those that have words like the ones that lead nowhere.
  async function nearest(ask, asked, found, state) {
    const { slots, pairs, isExact } = ask, isFew = found.good.length < FEW;
    const [vocabulary] = await index.whole(state, [index.vocabulary()]);
    const isUsed = (n) => pairs.some((pair) => (pair.first === n || pair.second === n) && [...pair.list.keys()].some((number) => slots[pair.first]?.list.has(number) && slots[pair.second]?.list.has(number)));
    const isOdd = (slot) => !slot.list.size || (isExact && isMarked([slot.word]) && !slot.forms.some((one) => one.isExact));
    const words = vocabulary ? slots.filter((slot) => slot && !/[0-9]/.test(slot.word)) : [];
    let lost = words.filter(isOdd);
    if (!lost.length) lost = words.filter((slot) => !isUsed(slots.indexOf(slot)));
    if (!isFew && slots.length > 4 && lost.length > 1) lost = [];
    lost = lost.slice(0, 3);
    const near = slots.length > 2 && isFew ? rank(ask, slots.length > 5 ? 2 : 1).map(([score, ...one]) => [score / 4, ...one]) : [];
    const others = lost.length ? rejoined(asked, lost.map((slot) => slot.word), vocabulary, fold) : [];
    for (const other of others) {
      const { ranked, words } = await index.find(other, state, true);
      near.push(...ranked.filter((one) => other.length < 2 || isWhole(one)));
      if (ranked.some(isWhole)) found.words.push(...words);
    }
    if (lost.length) near.push(...(await corrected(ask, lost, vocabulary, found, state)));
    near.sort(byScore);
    const whole = found.good.length ? unique(numbers(near.filter(isWhole))) : [], all = isFew ? unique(numbers(near)) : [];
    found.whole = whole.slice(0, NEAREST);
    found.near = all.slice(0, 4 * NEAREST);
    found.isCut = whole.length ? whole.length > NEAREST : all.length > 4 * NEAREST;
  }

  // The same query with each lost word, or what it is near to.
  async function corrected({ slots, pairs, isExact, count }, lost, vocabulary, found, state) {
    const changed = [...slots], meant = new Map();
    for (const slot of lost) {
      const typed = fold(slot.word), words = candidates(typed, vocabulary).slice(0, slots.length > 1 ? CANDIDATES : 2);
      const loaded = (await index.whole(state, words.map((word) => index.word(word)))).filter(Boolean);
      changed[slots.indexOf(slot)] = union([slot, ...loaded]);
      meant.set(slots.indexOf(slot), loaded);
    }
    const usual = pairs.filter((pair) => !meant.has(pair.first) && !meant.has(pair.second));
    const first = numbers(rank({ slots: changed, pairs: usual, isExact: false, count }, 0)).slice(0, 20);
    for (const [n, loaded] of meant) {
      const use = (one) => first.reduce((sum, number, place) => sum + (one.list.has(number) ? 1 / (place + 2) : 0), 0);
      let best = loaded.map((one) => [use(one), one]).filter(([used]) => used).sort(byScore).slice(0, TRIED).map(([, one]) => one);
      best = unique([...loaded.slice(0, 1), ...best]);
      meant.set(n, best);
      found.words.push(...best.flatMap((one) => formsOf(one, false)));
    }
    const tried = await Promise.all(pairs.map(async (pair) => {
      const [firsts, seconds] = [pair.first, pair.second].map((n) => meant.get(n) ?? [slots[n]].filter(Boolean));
      if (usual.includes(pair)) return pair;
      const lists = await index.whole(state, firsts.flatMap((one) => seconds.map((other) => index.pair(one.code, other.code))));
      return { ...pair, list: union([pair, ...lists.filter(Boolean).map((list) => ({ list }))]).list };
    }));
    for (const [n, best] of meant) changed[n] = union([slots[n], ...best]);
    return rank({ slots: changed, pairs: tried, isExact: false, count }, 0);
  }

  // Reports of a day first, or those of the day or month that have the other words of the query.
  async function dated(date, good, state) {
    const asked = read(date.rest), isIn = (number) => dayOf(number).startsWith(iso(date));
    const of = asked.length ? (await index.find(asked, state, true)).good.filter(isIn) : [];
    const all = of.length || !date.day || (asked.length && good.length) ? of : await readDay(date, state);
    return unique([...all, ...good]);
  }

  async function readDay(date, state) {
    const about = await index.about(), day = Date.parse(iso(date)) / DAY + EPOCH;
    const block = Math.floor(day / 2 ** about.block_bits).toString(16), names = [];
    for (let part = 0, name = block; name in about.records; name = `${block}-${(++part).toString(16)}`) names.push(name);
    const records = await index.whole(state, names.map((name) => index.block(about, name)));
    return records.flatMap((all) => all ?? []).map((record) => record[0]).filter((number) => Math.floor(number / PLACES) === day).reverse();
  }

  // A function that tells whether a report passes; ``all`` are those that do, newest first.
  async function filter(chosen) {
    const [facts, terms] = await Promise.all([readColumns(), index.terms()]), { category } = Object.fromEntries(chosen);
    const trail = JSON.stringify(terms[category]?.trail ?? [null]).slice(0, -1);
    const isUnder = (id) => `${JSON.stringify(terms[id]?.trail ?? []).slice(0, -1)},`.startsWith(`${trail},`);
    const tests = {
      category: (row) => facts.listed(row).some(isUnder),
      campaign: (row, value) => facts.campaigns[row].includes(Number(value)),
      author: (row, value) => facts.authors[row].includes(Number(value)),
      year: (row, value) => dayOf(facts.numbers[row]).startsWith(`${value}-`),
    };
    const passing = new Set(facts.numbers.filter((_, row) => chosen.every(([name, value]) => tests[name]?.(row, value))));
    return Object.assign((number) => passing.has(number), { all: [...passing].reverse() });
  }

  async function readColumns() {
    return index.part("facets", (bytes) => {
      const columns = json(bytes);
      let day = 0;
      columns.numbers = columns.days.map((gap, row) => (day += gap) * PLACES + columns.places[row]);
      columns.listed = (row) => [columns.category[row], ...(columns.also[row] ?? [])];
      columns.rows = new Map(columns.numbers.map((number, row) => [number, row]));
      return columns;
    });
  }

  // What a query says of a day, a month or a year, and the rest: { year, month, day, rest }.
  function date(query) {
    const { names, patterns } = (dates ??= dateForms(index.language));
    const text = query.slice(0, LONGEST).normalize("NFKC").toLowerCase().replaceAll("#", " ");
    const marked = names.reduce((text, [name, month]) => text.replace(name, ` #${month}# `), text);
    for (const [pattern, order] of patterns) {
      const found = pattern.exec(marked);
      if (!found) continue;
      const date = { year: null, month: null, day: null, rest: marked.replace(found[0], " ").replace(/#[0-9]*#/g, " ").trim() };
      [...order].forEach((part, n) => { date[{ y: "year", m: "month", d: "day" }[part]] = Number(found[n + 1]); });
      const at = new Date(Date.UTC(date.year, (date.month ?? 1) - 1, date.day ?? 1));
      if (date.year > 1000 && at.getUTCMonth() === (date.month ?? 1) - 1 && at.getUTCDate() === (date.day ?? 1)) return date;
    }
    return null;
  }

  // How many reports each term and year has, of these or of all.
  async function facets(numbers) {
    const [columns, terms] = await Promise.all([readColumns(), index.terms()]);
    const counts = { category: new Map(), campaign: new Map(), author: new Map(), year: new Map() };
    const add = (name, key) => counts[name].set(key, (counts[name].get(key) ?? 0) + 1);
    const ids = new Map(terms.filter((one) => one.taxonomy === "category").map((one) => [one.trail.join("\n"), one.id]));
    const lines = terms.map(({ trail }) => trail.map((_, n) => ids.get(trail.slice(0, n + 1).join("\n"))).filter(Boolean));
    for (const number of numbers ?? columns.numbers) {
      const row = columns.rows.get(number);
      if (row === undefined) continue;
      for (const id of new Set(columns.listed(row).flatMap((place) => lines[place] ?? []))) add("category", id);
      for (const id of columns.campaigns[row]) add("campaign", String(id));
      for (const id of columns.authors[row]) add("author", String(id));
      add("year", dayOf(number).slice(0, 4));
    }
    return counts;
  }

  // What the beginning of a query may mean: { text, url } of terms, { text } of titles and words.
  async function suggest(text) {
    const typed = spell(text.slice(0, LONGEST)).map(fold);
    if (!typed.length) return [];
    const [terms, { titles, words }] = await Promise.all([index.terms(), index.part("suggestions")]);
    const all = [...terms.map(({ trail, url }) => ({ text: trail.at(-1), url })), ...words.map((text) => ({ text })), ...titles.map((text) => ({ text }))];
    const has = ({ text }) => {
      const own = ` ${spell(text).map(fold).join(" ")}`, place = own.indexOf(` ${typed.join(" ")}`);
      return place === 0 ? 2 : place > 0 ? 1 : 0;
    };
    const scored = all.map((one) => [has(one), one]).filter(([score]) => score).sort(byScore);
    return [...new Map(scored.map(([, one]) => [one.text, one]).reverse())].reverse().map(([, one]) => one).slice(0, 8);
  }

  const iso = ({ year, month, day }) => [year, month, day].filter(Boolean).map((part, n) => String(part).padStart(n ? 2 : 4, "0")).join("-");

  return { nearest, dated, filter, facets, suggest, date };
}

// How near a word is to another: two letters swapped, a letter left out, one too many or wrong; 0 is not near.
function nearness(typed, other) {
  let at = 0, end = 0;
  while (at < typed.length && typed[at] === other[at]) at++;
  const left = Math.min(typed.length, other.length) - at;
  while (end < left && typed.at(-1 - end) === other.at(-1 - end)) end++;
  const a = typed.slice(at, typed.length - end), b = other.slice(at, other.length - end);
  if (a.length === 2 && a === b[1] + b[0]) return 3;
  return a.length > 1 || b.length > 1 || a === b ? 0 : a ? 1 : 2;
}

// One slot with the reports of several.
function union(slots) {
  const list = new Map();
  for (const slot of slots) for (const [number, impact] of slot.list) list.set(number, list.get(number) | impact);
  return { ...slots[0], list };
}

// Words of the index near to one that was typed, the likeliest first.
function candidates(typed, vocabulary) {
  const found = [];
  for (const [word, frequency] of vocabulary) {
    if (Math.abs(word.length - typed.length) > 1) continue;
    const near = nearness(typed, word);
    if (near) found.push([3 * near + frequency - (word[0] === typed[0] ? 0 : 2), word]);
  }
  return found.sort(([one], [other]) => other - one).map(([, word]) => word);
}

// Queries with a lost word cut in two, and with two words made one: `nongthon`, `home stay`.
function rejoined(asked, lost, vocabulary, fold) {
  const others = [];
  asked.forEach(({ word, isBound }, n) => {
    const put = (count, ...words) => others.push(asked.toSpliced(n, count, ...words.map((word) => ({ word, isBound }))));
    const letters = fold(word), next = asked[n + 1]?.word ?? "";
    const cuts = Array.from({ length: Math.max(0, letters.length - 3) }, (_, k) => [letters.slice(0, k + 2), letters.slice(k + 2)]);
    const often = ([one, other]) => Math.min(vocabulary.get(one) ?? -1, vocabulary.get(other) ?? -1);
    const best = cuts.sort((one, other) => often(other) - often(one))[0];
    if (lost.includes(word) && !vocabulary.has(letters) && best && often(best) >= 0) put(1, ...best);
    if (next && (lost.includes(word) || lost.includes(next)) && vocabulary.has(letters + fold(next))) put(2, word + next);
  });
  return others.slice(0, 3);
}

// Forms of dates in a language, most exact first: names of months, and patterns with the order of their parts.
function dateForms(language) {
  const parts = (options, month) => new Intl.DateTimeFormat(language, { timeZone: "UTC", calendar: "gregory", ...options }).formatToParts(Date.UTC(2001, month, 5));
  const value = (options, month, type) => parts(options, month).filter((one) => one.type === type).map((one) => one.value.toLowerCase()).join("");
  const escape = (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&").replace(/\s+/g, "\\s+");
  const named = Array.from({ length: 12 }, (_, month) => [{ month: "long" }, { month: "short" }, { month: "long", day: "numeric" }].map((options) => [value(options, month, "month"), month + 1])).flat();
  const fields = new Intl.DisplayNames(language, { type: "dateTimeField" });
  const literals = [{ dateStyle: "long" }, { month: "long", year: "numeric" }, { dateStyle: "short" }].flatMap((options) => parts(options, 2).filter((one) => /literal|era/.test(one.type)).map((one) => one.value));
  const between = [...new Set([...["day", "month", "year"].map((field) => fields.of(field)), ...literals].flatMap((text) => text.toLowerCase().match(/\p{L}+/gu) ?? []))].join("|");
  const names = named.filter(([name]) => /\p{L}/u.test(name)).sort(([one], [other]) => other.length - one.length)
    .map(([name, month]) => [new RegExp(`(?<![\\p{L}\\p{N}])(?:${between})?${escape(name)}(?!\\p{L}|(?<=[0-9])[0-9])`, "gu"), month]);
  const S = `(?:\\s*(?:[./-]|${between || "/"})\\s*)+`, G = `(?:[\\s.,،/-]|${between || "/"})*`;
  const D = "(?<![0-9])([0-9]{1,2})(?![0-9])", Y = "(?<![0-9])([0-9]{4})(?![0-9])", M = "#([0-9]+)#";
  const isMonthFirst = parts({ dateStyle: "short" }, 2).find((one) => one.type === "day" || one.type === "month")?.type === "month";
  const orders = isMonthFirst ? ["mdy", "dmy"] : ["dmy", "mdy"];
  const all = [[G + D + G + M + G + Y, "dmy"], [M + G + D + G + Y, "mdy"], [Y + G + M + G + D, "ymd"], [Y + G + D + G + M, "ydm"], [Y + S + D + S + D, "ymd"], ...orders.map((order) => [G + D + S + D + S + Y, order]),
    [M + G + Y, "my"], [Y + G + M, "ym"], [D + S + Y, "my"], [Y + S + D, "ym"], [`${G}(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])${G}`, "y"]];
  return { names, patterns: all.map(([source, order]) => [new RegExp(source, "u"), order]) };
}
