// For VS Code alone: the extension unifiedjs.vscode-remark underlines wrong keys in front matter.
// It needs Node and one `npm install`; the program and its tests need neither.
import remarkFrontmatter from "remark-frontmatter";
import frontMatterSchema from "remark-lint-frontmatter-schema";

const schemas = {
  "./schema/front-matter.schema.json": ["./content/!(categories|campaigns|authors)/**/*.md"],
  "./schema/category.schema.json": ["./content/categories/**/*.md"],
  "./schema/campaign.schema.json": ["./content/campaigns/**/*.md"],
  "./schema/author.schema.json": ["./content/authors/**/*.md"],
};

// The plugin says where a mistake is in a field that language servers do not read any more.
const placed = () => (tree, file) => {
  for (const message of file.messages) message.place ??= message.position;
};

export default { plugins: [remarkFrontmatter, [frontMatterSchema, { schemas }], placed] };
