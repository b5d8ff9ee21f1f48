// Leads on from an address of a former site, such as /Default.aspx?tabid=123&id=456, on hosts that cannot redirect
// by the query. Each query has a page in a folder of its own, named after it: id=456&tabid=123.html.
{
  const { folder, names, target } = document.currentScript.dataset;
  const given = new Map([...new URLSearchParams(location.search)].reverse().map(([name, value]) => [name.toLowerCase(), value]));
  const known = names.split(" ").map((set) => set.split("&")).find((set) => set.every((name) => given.has(name)));
  const file = known && known.map((name) => `${name}=${encodeURIComponent(given.get(name))}`).join("&");
  if (file || target) location.replace(file ? `${folder}${file}.html` : target);
}
