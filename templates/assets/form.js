// What the form does while it is used: suggestions, and counts beside the filters. search.js fetches it when the
// field gets the focus or the filters are opened.

export default function form({ field, options, filters, engine, go, set, number }) {
  let typed = 0; // the last suggestions: answers to earlier ones are dropped
  let active = -1; // the suggestion that is chosen by the arrow keys

  // Suggestions: the combobox of the ARIA Authoring Practices, with a list and without completion.
  async function suggest() {
    const own = ++typed, text = field.value.trim();
    const all = await engine().then(({ index }) => index.suggest(text)).catch(() => []);
    if (own !== typed || document.activeElement !== field) return;
    options.replaceChildren(...(text ? all : []).map((one, at) => {
      const option = document.createElement("li");
      option.textContent = one.text;
      option.id = `site-option-${at}`;
      set(option, "role", "option");
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
    [...options.children].forEach((one, place) => set(one, "aria-selected", String(place === at)));
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

  // Filters, with how many reports of this query each would leave.
  async function count(found, isCurrent) {
    const { index } = await engine(), terms = await index.terms();
    for (const select of filters) {
      const { [select.name]: own, ...others } = found.chosen;
      const isAll = !found.query && !Object.keys(others).length;
      const answer = own && !isAll ? await index.search(found.query, { filters: others }) : found;
      const counts = await index.facets(isAll ? null : answer.numbers.slice(0, answer.total));
      if (!isCurrent()) return;
      fill(select, counts[select.name], terms.filter((one) => one.taxonomy === select.name));
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

  field.addEventListener("focus", suggest);
  field.addEventListener("input", suggest);
  field.addEventListener("keydown", press);
  field.addEventListener("blur", close);
  options.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  const asked = new URLSearchParams(location.search).get("q") ?? "";
  if (document.activeElement === field && field.value.trim() !== asked) suggest(); // else it is searched already
  return { close, count };
}
