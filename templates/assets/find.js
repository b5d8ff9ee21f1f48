// The engine of the search page: reads the index that docs/search.md describes. No DOM, and nothing of a
// report is ever read as HTML here: what comes out are strings and numbers.

const LONGEST = 200, MOST = 12; // characters and words of a query; more would only take time
const LETTERS = 64; // of a word that is indexed
const SLOTS = 16, PLACES = 2 ** 20; // of a day
const CANDIDATES = 8; // words that may be meant by one that is not found
const NEAREST = 20; // reports that are shown for want of better ones
const TITLE = 4, EXACT = 8; // bits of an impact; the second is added here

// Words: as generator/kheo/search/words.py and folding.py have them.
const GROUPS = /(?<![0-9])[0-9]{1,3}(?:[.,’'][0-9]{3}|[\u00a0\u202f][0-9]{3})+(?![0-9])/g;
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

// Adds a list of postings to a Map of number -> impact.
function addList(found, { bytes, from, to }, first, flag = 0) {
  const values = reader(bytes, from);
  for (let slot = first * SLOTS; values.at < to;) {
    const value = values.next();
    slot += Math.floor(value / 8);
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

function pairLists(bytes) {
  const lengths = reader(bytes, 0), all = Array.from({ length: 256 }, () => lengths.next());
  let to = lengths.at;
  return all.map((length) => ({ bytes, from: to, to: (to += length) }));
}

const json = (bytes) => JSON.parse(new TextDecoder().decode(bytes));

// Whether one letter more, less or another, or two letters swapped, makes one word of the other.
function isNear(one, other) {
  if (Math.abs(one.length - other.length) > 1) return false;
  let at = 0, end = 0;
  while (at < one.length && one[at] === other[at]) at++;
  const left = Math.min(one.length, other.length) - at;
  while (end < left && one.at(-1 - end) === other.at(-1 - end)) end++;
  const a = one.slice(at, one.length - end), b = other.slice(at, other.length - end);
  return a.length + b.length > 0 && (a.length < 2 && b.length < 2 || (a.length === 2 && a === b[1] + b[0]));
}

export class Index {
  #base; #language; #files = new Map(); #dates;

  constructor(base, language) { this.#base = base; this.#language = language; }

  // Each file is asked for once; one that did not come is asked for again by the next query.
  #file(name, digest, decode = json) {
    if (!this.#files.has(name)) {
      const made = this.#load(name, digest).then(decode);
      this.#files.set(name, made);
      made.catch(() => this.#files.delete(name));
    }
    return this.#files.get(name);
  }

  async #load(name, digest) {
    const answer = await fetch(`${this.#base}${name}${digest ? `.${digest}` : ""}.bin`, digest ? {} : { cache: "no-cache" });
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    const bytes = new Uint8Array(await new Response(answer.body.pipeThrough(new DecompressionStream("deflate"))).arrayBuffer());
    if (digest && (crc(bytes) || 1) !== parseInt(digest, 16)) throw new Error(`${name}: other bytes than its name says`);
    return bytes;
  }

  async #about() {
    return this.#file("entry", "", (bytes) => {
      const about = json(bytes);
      about.stems = new Map(about.endings ?? []);
      return about;
    });
  }

  // A named file of the entry.
  async #part(name, decode) { return this.#file(name, (await this.#about())[name], decode); }

  #stem(about, word) {
    if (about.stems.size && word.length > 3)
      for (let at = 1; at < word.length; at++) {
        const ending = about.stems.get(word.slice(at));
        if (ending !== undefined) return word.slice(0, at) + ending;
      }
    return word;
  }

  async #shard(letter, number, decode) {
    const about = await this.#about(), digests = letter === "w" ? about.words : about.pairs;
    const digest = digests.slice(number * 8, number * 8 + 8);
    return Number(`0x${digest}`) ? this.#file(letter + number.toString(16), digest, decode) : [];
  }

  // All forms of a word: { word, list: Map of number -> impact, forms: as they are written in reports }.
  async #word(word) {
    const about = await this.#about(), stem = this.#stem(about, word), folded = fold(stem), code = hash(folded);
    const found = { word, code, list: new Map(), forms: [] };
    for (const one of await this.#shard("w", Math.floor(code / 2 ** (32 - about.word_bits)), wordLists)) {
      const other = this.#stem(about, one.key);
      if (fold(other) !== folded) continue;
      addList(found.list, one, about.first, other === stem ? EXACT : 0);
      found.forms.push({ form: one.key, isExact: other === stem });
    }
    return found;
  }

  async #pair(first, second) {
    const about = await this.#about(), bits = about.pair_bits + 8;
    const code = ((first & (2 ** bits - 1)) ^ (second >>> (32 - bits))) >>> 0;
    const lists = await this.#shard("p", code >>> 8, pairLists);
    return lists.length ? addList(new Map(), lists[code & 255], about.first) : new Map();
  }

  async search(query, { filters = {}, sort = "relevance" } = {}) {
    const state = { incomplete: false, about: await this.#about() };
    const asked = read(query), date = this.#date(query.slice(0, LONGEST));
    const passes = await this.#filter(filters, state);
    const found = asked.length ? await this.#find(asked, state) : { good: [], near: [], words: [] };
    let good = found.good, near = found.near;
    if (!asked.length && passes.all) good = passes.all;
    if (date?.day) good = unique([...(await this.#day(date, state)), ...good]);
    good = good.filter(passes);
    near = near.filter((number) => passes(number) && !good.includes(number)).slice(0, NEAREST);
    if (sort === "date") good.sort((one, other) => other - one);
    const nearest = !good.length && near.length > 0;
    return { total: good.length || near.length, numbers: [...good, ...near], nearest, incomplete: state.incomplete, words: found.words, dates: date && { year: date.year, month: date.month, day: date.day } };
  }

  // What can be had of these promises; a file that is missing makes the answer incomplete.
  async #whole(state, promises) {
    const all = await Promise.allSettled(promises);
    return all.map((one) => {
      if (one.status === "fulfilled") return one.value;
      state.incomplete = true;
      return null;
    });
  }

  async #find(asked, state) {
    const words = asked.map((one) => one.word), isExact = isMarked(words), index = unique(words);
    const codes = index.map((word) => hash(fold(this.#stem(state.about, word))));
    const pairs = asked.slice(1).map(({ word, isBound }, n) => ({ first: index.indexOf(words[n]), second: index.indexOf(word), isBound }));
    const loaded = await this.#whole(state, [...index.map((word) => this.#word(word)), ...pairs.map((pair) => this.#pair(codes[pair.first], codes[pair.second]))]);
    const slots = loaded.slice(0, index.length);
    pairs.forEach((pair, n) => { pair.list = loaded[index.length + n] ?? new Map(); pair.isBound &&= loaded[index.length + n] !== null; });
    const ask = { slots, pairs, isExact, count: state.about.reports };
    const good = rank(ask, 0);
    const forms = slots.flatMap((slot, n) => slot?.forms.filter((one) => one.isExact || !isExact).map((one) => one.form) ?? [index[n]]);
    const found = { good, near: [], words: unique([...index, ...forms]) };
    if (good.length < 3 && (index.length > 1 || !good.length)) await this.#nearest(ask, index, found, state);
    return found;
  }

  async #nearest(ask, index, found, state) {
    if (index.length > 2) found.near = rank(ask, index.length > 5 ? 2 : 1);
  }

  async #day({ year, month, day }, state) {
    return [];
  }

  async #filter() { const passes = () => true; return passes; }

  #date() { return null; }

  // Records of reports, in order; null for one that cannot be loaded.
  async records(numbers) {
    const about = await this.#about(), { terms } = await this.#pages();
    return Promise.all(numbers.map(async (number) => {
      const block = Math.floor(number / PLACES / 2 ** about.block_bits).toString(16), part = Math.floor((number % PLACES) / 64);
      const name = part ? `${block}-${part.toString(16)}` : block;
      const records = await this.#block(about, name).catch(() => []);
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

  async #block(about, name) {
    const digest = about.records[name];
    if (!digest) throw new Error(`${name}: no such records`);
    return this.#file(`r${name}`, digest);
  }

  async #pages() {
    return this.#part("pages", (bytes) => {
      const all = json(bytes);
      all.terms = all.terms.map(([taxonomy, trail, url, count], id) => ({ id: String(id), taxonomy, trail, url, count }));
      return all;
    });
  }

  async terms() { return (await this.#pages()).terms; }
  async pages(query) { return []; }
  async facets(numbers) { return { category: new Map(), campaign: new Map(), author: new Map(), year: new Map() }; }
  async suggest(text) { return []; }
}

// Numbers of the reports that have all words but ``missing`` of them, best first, then newest.
function rank({ slots, pairs, isExact, count }, missing) {
  const there = slots.filter(Boolean), need = there.length - missing;
  if (need < 1) return [];
  const idf = (list) => Math.log(1 + count / (1 + list.size));
  const weights = slots.map((slot) => slot && idf(slot.list)), bonus = pairs.map((pair) => 3 * idf(pair.list));
  const from = [...there].sort((one, other) => one.list.size - other.list.size).slice(0, missing + 1);
  const scored = [];
  for (const number of unique(from.flatMap((slot) => [...slot.list.keys()]))) {
    let score = 0, seen = 0, titled = 0, together = 0, apart = false;
    slots.forEach((slot, n) => {
      const impact = slot?.list.get(number);
      if (!impact) return;
      seen++;
      if (impact & TITLE) titled++;
      score += weights[n] * (1 + (impact & 3) * 0.15 + (impact & TITLE ? 1.5 : 0)) * (isExact && !(impact & EXACT) ? 0.4 : 1);
    });
    if (seen < need) continue;
    pairs.forEach((pair, n) => {
      const impact = pair.list.get(number), both = slots[pair.first]?.list.has(number) && slots[pair.second]?.list.has(number);
      if (impact === undefined || !both) apart ||= pair.isBound;
      else { together++; score += bonus[n] * (impact & 1 ? 2 : 1); }
    });
    if (apart) continue;
    if (pairs.length && together === pairs.length) score *= 4;
    if (titled === there.length) score *= 4;
    scored.push([score * 4 ** (seen - need), number]);
  }
  return scored.sort(([one, a], [other, b]) => other - one || b - a).map(([, number]) => number);
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
