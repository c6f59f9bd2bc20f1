// Compiles templates/*.hbs to functions, so that the library needs neither files nor `eval` when it runs.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import Handlebars from "handlebars";

const folder = new URL("../templates/", import.meta.url);
const options = { strict: true, noEscape: true, knownHelpersOnly: true };
const entries = readdirSync(folder)
  .filter((file) => file.endsWith(".hbs"))
  .sort()
  .map((file) => {
    const source = readFileSync(new URL(file, folder), "utf8");
    return `  ${JSON.stringify(file.slice(0, -".hbs".length))}: ${Handlebars.precompile(source, options)},`;
  });
const text = `// @ts-nocheck
// Made from templates/ by scripts/precompile-templates.mjs.
import Handlebars from "handlebars/runtime.js";

const compiled = {
${entries.join("\n")}
};

const ready = {};
for (const [name, spec] of Object.entries(compiled)) {
  ready[name] = Handlebars.template(spec);
  Handlebars.registerPartial(name, ready[name]);
}

/** Fills the template called \`name\` with \`context\`. */
export function fill(name: string, context: unknown): string {
  const template = ready[name];
  if (template === undefined) throw new Error("no template called " + name);
  return template(context);
}
`;
writeFileSync(new URL("../src/templates.ts", import.meta.url), text);
