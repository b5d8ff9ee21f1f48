// The engine of the search page: reads the index of docs/search.md. No DOM: what comes out are
// strings and numbers.

const LONGEST = 200, MOST = 12; // characters and words of a query; more would only take time
const LETTERS = 64; // of a word that is indexed
const FEW = 3; // reports shown at first; pairs fetched at once
const SLOTS = 16, PLACES = 2 ** 20; // of a day
const VERSION = 1; // of the format
const EPOCH = 719163; // 1970-01-01 as Python counts days
const TITLE = 4, EXACT = 8; // bits of an impact; the second is added here

// Words: as generator/kheo/search/words.py and folding.py have them.
const GROUPS = /(?<![0-9])[0-9]{1,3}(?:[.,’'][0-9]{3}|[\u00a0\u202f][0-9]{3})+(?![0-9])|(?<![\p{L}\p{N}_])[0-9]{4,}(?=[\p{L}\p{Nl}\p{No}])/gu;
const UNSEEN = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;
const WORD = /(?:[\p{L}\p{N}]|(?=[\0-\uffff])\p{M})+/gu;
const UNSPACED = /([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\u{20000}-\u{3ffff}]+)/u;
const TONED = /o[àáãảạèéẽẻẹ]|u[ỳýỹỷỵ]/g;
const JOINED = { đ: "d", ð: "d", ħ: "h", ı: "i", ł: "l", ŋ: "n", ø: "o", ŧ: "t", ſ: "s", ß: "ss", æ: "ae", œ: "oe", þ: "th", ς: "σ", "ـ": "", أ: "ا", إ: "ا", آ: "ا", ى: "ي", ة: "ه" };
const JOINTS = new RegExp(`[${Object.keys(JOINED).join("")}]`, "g");
const MARKS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g;

export function fold(word) {
  return word.replace(JOINTS, (letter) => JOINED[letter]).normalize("NFD").replace(MARKS, "").normalize("NFC");
}

export function oneSpelling(word) {
  if (/^[0-9]+$/.test(word)) return word.replace(/^0+(?=.)/, "");
  return word.replaceAll("ð", "đ").replace(TONED, (two) => two.normalize("NFD").replace(/(.)(.)(.)/, "$1$3$2").normalize("NFC"));
}

export function splitWords(text) {
  const plain = text.replace(GROUPS, (number) => `${number.replace(/\D/g, "")} `).normalize("NFKC").toLowerCase();
  return (plain.replace(UNSEEN, "").match(WORD) ?? []).flatMap((word) => word.split(UNSPACED).flatMap((part, n) => (n % 2 ? twos(part) : part || [])));
}

function twos(run) {
  const letters = [...run];
  return letters.length < 2 ? letters : letters.slice(1).map((letter, n) => letters[n] + letter);
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => { for (let k = 8; k--;) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1; return n; });

function crc(bytes) {
  let value = ~0;
  for (const byte of bytes) value = TABLE[(value ^ byte) & 255] ^ (value >>> 8);
  return ~value >>> 0;
}

export function hash(folded) {
  let value = crc(new TextEncoder().encode(folded));
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

const spell = (text) => splitWords(text).map(oneSpelling).filter((word) => [...word].length <= LETTERS);

// The words of a query; those in quotes that stand right behind the one before are bound to it.
function read(query) {
  const parts = query.slice(0, LONGEST).split(/["“”„«»]/);
  const isQuoted = (n) => n % 2 === 1 && n < parts.length - 1;
  return parts.flatMap((part, n) => spell(part).map((word, k) => ({ word, isBound: k > 0 && isQuoted(n) }))).slice(0, MOST);
}

const isMarked = (words) => words.some((word) => fold(word) !== word);
const unique = (list) => [...new Set(list)];

// Bytes of variable length, 7 bits each.
function reader(bytes, at) {
  return {
    get at() { return at; },
    next() {
      let value = 0, scale = 1, byte;
      do { byte = bytes[at++] ?? 0; value += (byte & 127) * scale; scale *= 128; } while (byte > 127);
      return value;
    },
  };
}

// Adds a list of postings to a Map of number -> impact, the newest first.
function addList(found, { bytes, from, to }, last, flag = 0) {
  const values = reader(bytes, from);
  for (let slot = last * SLOTS; values.at < to;) {
    const value = values.next();
    slot -= Math.floor(value / 8);
    const place = (slot % SLOTS) + (slot % SLOTS === SLOTS - 1 ? values.next() : 0);
    const number = Math.floor(slot / SLOTS) * PLACES + place;
    found.set(number, found.get(number) | value % 8 | flag);
  }
  return found;
}

function wordLists(bytes) {
  const lists = [], size = new DataView(bytes.buffer).getUint32(0);
  let to = 4 + size;
  for (const line of size ? new TextDecoder().decode(bytes.subarray(4, to)).split("\n") : []) {
    const [key, length] = line.split("\t"), from = to;
    lists.push({ key, bytes, from, to: (to += Number(length)) });
  }
  return lists;
}

function pairLists(bytes, count) {
  const lengths = reader(bytes, 0), all = Array.from({ length: count }, () => lengths.next());
  let to = lengths.at;
  return all.map((length) => ({ bytes, from: to, to: (to += length) }));
}

const json = (bytes) => JSON.parse(new TextDecoder().decode(bytes));

export class Index {
  #base; #more; #files = new Map();

  // The folder of the index, the language of the site, and what loads more.js.
  constructor(base, language, more) { this.#base = base; this.language = language; this.#more = more; }

  async more() {
    return this.#once("more", () => this.#more().then((module) => module.default(this, TOOLS)));
  }

  // Everything is asked for once; what did not come is asked for again by the next query.
  #once(name, make) {
    if (!this.#files.has(name)) {
      const made = make();
      this.#files.set(name, made);
      made.catch(() => this.#files.delete(name));
    }
    return this.#files.get(name);
  }

  #file(name, digest, decode = json) { return this.#once(name, () => this.#load(name, digest).then(decode)); }

  async #load(name, digest) {
    const answer = await fetch(`${this.#base}${name}${digest ? `.${digest}` : ""}.bin`, digest ? {} : { cache: "no-cache" });
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    const bytes = new Uint8Array(await new Response(answer.body.pipeThrough(new DecompressionStream("deflate"))).arrayBuffer());
    if (digest && (crc(bytes) || 1) !== parseInt(digest, 16)) throw new Error(`${name}: other bytes`);
    return bytes;
  }

  async about() {
    return this.#file("entry", "", (bytes) => {
      const about = json(bytes);
      if (about.version !== VERSION) throw new Error("another version");
      about.stems = new Map(about.endings);
      about.terms = about.site.terms.map(([taxonomy, trail, url, count], id) => ({ id: String(id), taxonomy, trail, url, count }));
      return about;
    });
  }

  async part(name, decode = json) {
    const about = await this.about();
    return this.#file(name, about[name], (bytes) => decode(bytes, about));
  }

  #stem(about, word) {
    if (about.stems.size && word.length > 3)
      for (let at = 1; at < word.length; at++) {
        const ending = about.stems.get(word.slice(at));
        if (ending !== undefined) return word.slice(0, at) + ending;
      }
    return word;
  }

  async #shard(letter, number, decode) {
    const about = await this.about(), digests = letter === "w" ? about.words : about.pairs;
    const digest = digests.slice(number * 8, number * 8 + 8);
    return Number(`0x${digest}`) ? this.#file(letter + number.toString(16), digest, decode) : [];
  }

  // All forms of a word: { word, list: Map of number -> impact, forms: as they are written in reports }.
  async word(word) {
    const about = await this.about(), folded = this.#stem(about, fold(word)), code = hash(folded);
    const found = { word, code, list: new Map(), forms: [] };
    for (const one of await this.#shard("w", Math.floor(code / 2 ** (32 - about.word_bits)), wordLists)) {
      if (this.#stem(about, fold(one.key)) !== folded) continue;
      const isExact = this.#stem(about, one.key) === this.#stem(about, word);
      addList(found.list, one, about.last, isExact ? EXACT : 0);
      found.forms.push({ form: one.key, isExact });
    }
    return found;
  }

  async pair(first, second) {
    const about = await this.about(), listBits = Math.max(8, 16 - about.pair_bits), count = 2 ** listBits, bits = about.pair_bits + listBits;
    const code = (((first << 16) | (first >>> 16)) ^ second) >>> (32 - bits);
    const lists = await this.#shard("p", code >>> listBits, (bytes) => pairLists(bytes, count));
    return lists.length ? addList(new Map(), lists[code % count], about.last) : new Map();
  }

  async search(query, { filters = {}, sort = "relevance" } = {}) {
    const state = { incomplete: false, about: await this.about() };
    const asked = read(query), date = await this.#date(query, state);
    const passes = await this.#filter(filters, state);
    const found = asked.length ? await this.find(asked, state, date && !date.rest) : { good: [], whole: [], near: [], words: [] };
    let good = !asked.length && passes.all ? passes.all : found.good;
    if (date?.day || (date?.month && date.rest)) good = await this.#rest(state, (more) => more.dated(date, good, state)) ?? good;
    good = unique([...found.whole, ...good]).filter(passes);
    const shown = new Set(good);
    const near = found.near.filter((number) => passes(number) && !shown.has(number));
    if (sort === "date") for (const list of [good, near]) list.sort((one, other) => other - one);
    return {
      total: good.length || near.length, numbers: [...good, ...near], nearest: found.whole.length > 0 || (!good.length && near.length > 0),
      isCut: found.isCut, incomplete: state.incomplete, words: found.words, dates: date && { year: date.year, month: date.month, day: date.day },
    };
  }

  // A function that tells whether a report passes; ``all`` are those that do, newest first.
  async #filter(filters, state) {
    const chosen = Object.entries(filters).filter(([, value]) => value);
    if (!chosen.length) return () => true;
    return await this.#rest(state, (more) => more.filter(chosen)) ?? Object.assign(() => false, { all: [] });
  }

  // What a query says of a day, a month or a year, and its other words: { year, month, day, rest }.
  async #date(query, state) {
    return /[0-9]{4}/.test(query.normalize("NFKC")) ? this.#rest(state, (more) => more.date(query)) : null;
  }

  async #rest(state, use) { return (await this.whole(state, [this.more().then(use)]))[0]; }

  // What can be had of these promises; a file that is missing makes the answer incomplete.
  async whole(state, promises) {
    const all = await Promise.allSettled(promises);
    return all.map((one) => {
      if (one.status === "fulfilled") return one.value;
      state.incomplete = true;
      return null;
    });
  }

  async find(asked, state, isLast = false) {
    const words = asked.map((one) => one.word), isExact = isMarked(words), index = unique(words);
    const codes = index.map((word) => hash(this.#stem(state.about, fold(word))));
    const all = asked.slice(1).map(({ word, isBound }, n) => ({ first: index.indexOf(words[n]), second: index.indexOf(word), isBound }));
    const load = (pairs) => Promise.all(pairs.map(async (pair) => {
      const [list] = await this.whole(state, [this.pair(codes[pair.first], codes[pair.second])]);
      Object.assign(pair, { list: list ?? new Map(), isBound: pair.isBound && list !== null });
    }));
    // Of long queries first the pairs that every word is in, then others if they may tell more.
    let pairs = all.filter(({ isBound }, n) => isBound || all.length <= FEW || n % 2 === 0 || n === all.length - 1);
    const [slots] = await Promise.all([this.whole(state, index.map((word) => this.word(word))), load(pairs)]);
    const rankAll = () => rank({ slots, pairs, isExact, count: state.about.reports }, 0);
    let ranked = rankAll();
    const count = ranked.filter(isWhole).length, isLost = !isLast && !count && (all.length > 0 || !ranked.length);
    if (isLost) for (const soon of [this.more(), this.vocabulary()]) soon.catch(() => {}); // on their way with the pairs
    if (pairs.length < all.length && (!count || count > FEW)) {
      await load(all);
      pairs = all;
      ranked = rankAll();
    }
    const ask = { slots, pairs, isExact, count: state.about.reports }, good = numbers(ranked);
    const found = { good, ranked, isWhole: !pairs.length || ranked.some(isWhole), whole: [], near: [], words: unique([...index, ...slots.flatMap((slot) => formsOf(slot, isExact))]) };
    if (!isLast && (!good.length || !found.isWhole)) await this.#rest(state, (more) => more.nearest(ask, asked, found, state));
    return found;
  }

  // Records of reports, in order; null for one that cannot be loaded.
  async records(numbers) {
    const about = await this.about(), { terms } = about;
    return Promise.all(numbers.map(async (number) => {
      const block = Math.floor(number / PLACES / 2 ** about.block_bits).toString(16), part = Math.floor((number % PLACES) / 64);
      const name = part ? `${block}-${part.toString(16)}` : block;
      const records = await this.block(about, name).catch(() => []);
      const record = records.find((one) => one[0] === number);
      if (!record) return null;
      const [, title, url, date, day, category, authors, summary, attachments] = record;
      return {
        number, title, url, date, day, summary,
        category: terms[category] ?? { trail: [], url: "" },
        authors: authors.map((id) => terms[id]).filter(Boolean).map((term) => ({ name: term.trail.at(-1), url: term.url })),
        attachments: attachments.map(([title, url]) => ({ title, url })),
      };
    }));
  }

  async block(about, name) {
    const digest = about.records[name];
    if (!digest) throw new Error(`${name}: no such records`);
    return this.#file(`r${name}`, digest);
  }

  async terms() { return (await this.about()).terms; }

  // Folded words of the index: Map of word -> 0 to 9 for how many reports have it.
  async vocabulary() {
    return this.part("vocabulary", (bytes) => {
      const { words, frequency } = json(bytes);
      return new Map(words ? words.split("\n").map((word, n) => [word, Number(frequency[n])]) : []);
    });
  }

  // How many reports each term and year has, of these or of all.
  async facets(numbers) { return (await this.more()).facets(numbers); }

  // What may be meant by the beginning of a query: { text, url } of terms, { text } of titles and words.
  async suggest(text) { return (await this.more()).suggest(text); }

  // At most six pages that are no reports and have the words: in their name, or in their text.
  async pages(query) {
    const { terms, site: { pages, months } } = await this.about(), words = read(query).map(({ word }) => word);
    if (!words.length) return [];
    const month = new Intl.DateTimeFormat(this.language, { month: "long", year: "numeric", timeZone: "UTC", calendar: "gregory" });
    const date = await this.#date(query, {}), isDate = (year, m) => date && year === date.year && (date.month ? m === date.month : !date.rest);
    const found = [
      ...months.filter(([year, m]) => isDate(year, m)).map(([year, m, url, count]) => ({ kind: "month", title: m ? month.format(Date.UTC(year, m - 1)) : String(year), url, count, score: 5 + (m || 99) / 100 })),
      ...terms.map(({ taxonomy, trail, url, count }) => ({ kind: taxonomy, title: trail.join(" > "), url, count, score: 2 * likeness(words, trail.at(-1)) })),
      ...pages.map(([title, url, text]) => ({ kind: "page", title, url, count: 0, score: Math.max(2.1 * likeness(words, title), likeness(words, text)) })),
    ];
    const best = found.filter((one) => one.score).sort((one, other) => other.score - one.score || other.count - one.count);
    return best.slice(0, 6).map(({ score, ...page }) => page);
  }
}

const isWhole = ([, , whole]) => whole;
const byScore = ([one, a], [other, b]) => other - one || b - a;
const numbers = (scored) => scored.map(([, number]) => number);
const formsOf = (slot, isExact) => slot?.forms.filter((one) => one.isExact || !isExact).map((one) => one.form) ?? [];
const dayOf = (number) => new Date((Math.floor(number / PLACES) - EPOCH) * 864e5).toISOString().slice(0, 10);

// 0 to 1: how much of a text the words are: all of it, one behind the other, all somewhere.
function likeness(words, text) {
  const exact = isMarked(words), form = (all) => (exact ? all : all.map(fold));
  const own = form(spell(text)), asked = form(words), line = ` ${own.join(" ")} `;
  if (own.length === asked.length && line.trim() === asked.join(" ")) return 1;
  if (line.includes(` ${asked.join(" ")} `)) return 0.7;
  return asked.every((word) => own.includes(word)) ? 0.4 : 0;
}

// [score, number] of the reports that have all words but ``missing`` of them, best first, then newest.
function rank({ slots, pairs, isExact, count }, missing) {
  const there = slots.filter(Boolean), need = there.length - missing;
  if (need < 1) return [];
  const idf = (list) => Math.log(1 + count / (1 + list.size));
  const weights = slots.map((slot) => slot && idf(slot.list)), bonus = pairs.map((pair) => idf(pair.list));
  const from = [...there].sort((one, other) => one.list.size - other.list.size).slice(0, missing + 1);
  const scored = [];
  for (const number of unique(from.flatMap((slot) => [...slot.list.keys()]))) {
    const impacts = slots.map((slot) => slot?.list.get(number) ?? 0), seen = impacts.filter(Boolean).length;
    if (seen < need) continue;
    // A pair is one only where both its words are: other pairs have the same hash.
    const marks = pairs.map((pair) => (impacts[pair.first] && impacts[pair.second] ? pair.list.get(number) : undefined));
    if (marks.some((mark, n) => mark === undefined && pairs[n].isBound)) continue;
    const isWhole = seen === there.length && marks.every((mark) => mark !== undefined);
    const isTitled = impacts.filter((impact) => impact & TITLE).length === there.length;
    const isNamed = impacts.every((impact) => impact & TITLE || (impact & 3) === 3);
    const isPhrase = isTitled && marks.every((mark) => mark & 1);
    let score = 0;
    impacts.forEach((impact, n) => {
      if (impact) score += weights[n] * (1 + (impact & 3) * 0.15 + (impact & TITLE && (isTitled || !isWhole || !pairs.length) ? 1.5 : 0)) * (isExact && !(impact & EXACT) ? 0.4 : 1);
    });
    marks.forEach((mark, n) => { if (mark !== undefined) score += bonus[n] * (mark & 1 && (isPhrase || !isWhole) ? 2 : 1); });
    if (pairs.length && isWhole) score *= 8;
    if (isTitled) score *= 4;
    else if (isNamed) score *= 6;
    if (isPhrase) score *= 2;
    scored.push([score * 4 ** (seen - need), number, isWhole]);
  }
  return scored.sort(byScore);
}

// A text in pieces: { text, isMatch }. Words without accents match those that have some, if none has any.
export function highlight(text, words) {
  const forms = new Set(words.map((word) => oneSpelling(word))), isPlain = !isMarked(words);
  const has = (word) => forms.has(word) || (isPlain && forms.has(fold(word)));
  const pieces = [];
  const add = (piece, isMatch) => {
    if (piece && pieces.at(-1)?.isMatch === isMatch) pieces.at(-1).text += piece;
    else if (piece) pieces.push({ text: piece, isMatch });
  };
  for (const part of text.split(/([\p{L}\p{N}\p{M}]+(?:[.,’'\u00a0\u202f][0-9]+)*)/u))
    if (UNSPACED.test(part)) {
      const letters = [...part];
      letters.forEach((letter, n) => add(letter, has(letters[n - 1] + letter) || has(letter + letters[n + 1]) || has(letter)));
    } else add(part, splitWords(part).some((word) => has(oneSpelling(word))));
  return pieces;
}

const TOOLS = { LONGEST, EPOCH, PLACES, json, fold, spell, read, rank, unique, isMarked, isWhole, byScore, numbers, formsOf, dayOf };
