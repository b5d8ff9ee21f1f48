// An engine without an index, for tests of the page alone: it answers as find.js does, at once or late.

const ATTACK = `"><img src=x onerror="document.title='taken'"><script>document.title='taken'</script><b>đậm</b>`;
const TERMS = [
  ["category", ["Tin tức"]], ["category", ["Tin tức", "Tin cơ sở"]], ["category", ["Tin tức", "Tin cơ sở", "Xã"]],
  ["category", ["Đời sống"]], ["campaign", ["Dân vận khéo"]], ["campaign", [ATTACK]], ["author", ["Hải Hạnh"]], ["author", ["Đỗ Mai"]],
].map(([taxonomy, trail], id) => ({ id: String(id), taxonomy, trail, url: `/${taxonomy}/${id}/`, count: id + 1 }));
const REPORTS = Array.from({ length: 27 }, (_, n) => ({
  number: n, title: n === 2 ? ATTACK : `Bài dân vận số ${n}`, url: `/tin/${n}/`, date: n === 2 ? ATTACK : `0${n % 9 + 1}/03/2024`,
  day: `2024-03-0${n % 9 + 1}`, summary: n === 2 ? ATTACK : "Cán bộ làm dân vận ở làng. ".repeat(n % 5),
  category: { trail: n === 2 ? [ATTACK] : TERMS[n % 4].trail, url: "/tin/" }, authors: [{ name: n === 2 ? ATTACK : "Hải Hạnh", url: "/tac-gia/" }],
  attachments: [{ title: n === 2 ? `${ATTACK} dân` : "Mẫu phiếu góp ý", url: "/phieu.pdf" }, { title: "Số liệu dân vận", url: "/so.csv" }],
  where: { category: n % 4, campaign: 4 + n % 2, author: 6 + n % 2, year: 2020 + n % 3 },
}));
const within = (id, category) => id <= category && TERMS[id].trail.every((name, n) => TERMS[category].trail[n] === name);
const LATE = Number(new URLSearchParams(location.search).get("late") ?? 0); // milliseconds, for all queries on a page
const pause = () => new Promise((done) => setTimeout(done, LATE));

export class Index {
  constructor(base, language) { this.told = `${base} ${language}`; }
  async search(query, { filters = {}, sort = "relevance" } = {}) {
    await pause();
    if (query === "hỏng") throw new Error("the entry is lost");
    const passes = ({ where }) => Object.entries(filters).every(([name, value]) => name === "category" ? within(Number(value), where.category) : where[name] === Number(value));
    let all = ["không", "mất hết"].includes(query) ? [] : REPORTS.filter(passes).map((one) => one.number);
    if (query === "một") all = all.slice(0, 1);
    if (sort === "date") all.reverse();
    const nearest = query === "gần" && all.length > 0, total = query === "vài" ? 2 : all.length;
    if (query === "vài") all = all.slice(0, 4);
    return { total, numbers: all, nearest, incomplete: ["mảnh", "mất hết"].includes(query), words: ["dân", "vận", ...query.split(" ")], dates: null };
  }
  async records(numbers) {
    await pause();
    return numbers.map((number) => new URLSearchParams(location.search).get("q") === "mất" && number % 2 ? null : REPORTS[number]);
  }
  async pages(query) { return query === "dân vận" ? [{ kind: "campaign", title: ATTACK, url: "/chien-dich/", count: 12 }, { kind: "page", title: "Liên hệ", url: "/lien-he/" }] : []; }
  async facets(numbers) {
    const counts = { category: new Map(), campaign: new Map(), author: new Map(), year: new Map() };
    const add = (name, id) => counts[name].set(String(id), (counts[name].get(String(id)) ?? 0) + 1);
    for (const { where } of numbers ? numbers.map((number) => REPORTS[number]) : REPORTS) {
      for (const [name, id] of Object.entries(where)) if (name !== "category") add(name, id);
      for (let id = 0; id < 4; id++) if (within(id, where.category)) add("category", id);
    }
    return counts;
  }
  async terms() { return TERMS; }
  async about() { return fetch("/assets/search/entry.bin", { cache: "no-cache" }); }
  async suggest(text) { return text ? [{ text: `${text} khéo` }, { text: ATTACK }, { text: "Tin cơ sở", url: "/tin-tuc/tin-co-so/" }] : []; }
}

export function highlight(text, words) {
  return text.split(/(\p{L}+)/u).filter(Boolean).map((piece) => ({ text: piece, isMatch: words.includes(piece.toLowerCase()) }));
}
