import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type BuildFailure, type Message, type Plugin } from "esbuild";
import type { CheckProblem } from "./messages.ts";

/**
 * Bundles the user's file into `folder`, with its imports and libraries, and gives the URL of the bundle. TypeScript
 * is stripped of its types, not checked: a type error keeps no code from running. `compilerOptions.paths` of the
 * tsconfig.json beside a source are followed. `file` is absolute.
 */
export async function bundleUser(
  file: string,
  folder: string,
  plugins: readonly Plugin[],
): Promise<string | CheckProblem> {
  try {
    // First without plugins: what they would say of a syntax error is not as clear.
    let bundle = await bundleAs("esm", file, folder, []);
    const missing = bundle.warnings.map(missingExport).find((found) => found !== null);
    if (missing !== undefined) return missing;
    // CommonJS may rely on what strict mode forbids, in which every module of the other kind runs.
    const format: Format = bundle.isCommonJs ? "cjs" : "esm";
    if (bundle.isCommonJs || plugins.length > 0) bundle = await bundleAs(format, file, folder, plugins);
    const path = join(folder, format === "esm" ? "user.mjs" : "user.cjs");
    await writeFile(path, bundle.text);
    return pathToFileURL(path).href;
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    return refusal(error);
  }
}

let child: Promise<Uint8Array> | null = null;

/** Puts the program of the process that runs the checked code into `folder`, and gives its path. */
export async function bundleChild(folder: string): Promise<string> {
  const entry = fileURLToPath(import.meta.url).replace(/bundle(\.[jt]s)$/, "child$1");
  child ??= build({
    ...common,
    format: "esm",
    banner: { js: banner },
    entryPoints: [entry],
    outdir: folder,
    write: false,
  }).then(({ outputFiles }) => outputFiles[0]?.contents ?? new Uint8Array());
  const path = join(folder, "child.mjs");
  await writeFile(path, await child);
  return path;
}

type Format = "esm" | "cjs";

const common = { bundle: true, platform: "node", target: "node20", logLevel: "silent" } as const;

/** CommonJS that a bundle carries along may call require. */
const banner =
  'import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);';

async function bundleAs(
  format: Format,
  file: string,
  folder: string,
  plugins: readonly Plugin[],
): Promise<{ readonly text: Uint8Array; readonly isCommonJs: boolean; readonly warnings: readonly Message[] }> {
  const { outputFiles, metafile, warnings } = await build({
    ...common,
    format,
    ...(format === "esm" && { banner: { js: banner } }),
    entryPoints: [file],
    outdir: folder,
    plugins: [ourselves, addons, ...plugins],
    define: placesOf(file),
    sourcemap: "inline",
    sourcesContent: false,
    metafile: true,
    write: false,
  });
  const entry = Object.values(metafile.outputs)[0]?.entryPoint ?? "";
  return {
    text: outputFiles[0]?.contents ?? new Uint8Array(),
    isCommonJs: format === "esm" && metafile.inputs[entry]?.format === "cjs",
    warnings,
  };
}

/** Where a source looks for itself, it finds the file that the user named, not the bundle. */
function placesOf(file: string): Record<string, string> {
  const [name, folder] = [JSON.stringify(file), JSON.stringify(dirname(file))];
  return {
    __filename: name,
    __dirname: folder,
    "import.meta.filename": name,
    "import.meta.dirname": folder,
    "import.meta.url": JSON.stringify(pathToFileURL(file).href),
  };
}

/** An adapter finds defineCheck where deltarule is not installed, and without the rest of it. */
const ourselves: Plugin = {
  name: "deltarule",
  setup: (build) => {
    const path = fileURLToPath(import.meta.url).replace(/bundle(\.[jt]s)$/, "adapter$1");
    build.onResolve({ filter: /^deltarule(?:\/check)?$/ }, () => ({ path }));
  },
};

/** A native addon fails when it is loaded, not when it is bundled: a library may do without it. */
const addons: Plugin = {
  name: "addons",
  setup: (build) =>
    build.onLoad({ filter: /\.node$/ }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`a check loads no native addons: ${path}`)});`,
    })),
};

const isBuildFailure = (error: unknown): error is BuildFailure =>
  error instanceof Error && "errors" in error && Array.isArray(error.errors) && error.errors.length > 0;

/** What keeps a file from being bundled, by what esbuild says of it. */
const refusals = [
  {
    text: /^Could not resolve/,
    code: "import-missing",
    advice: "install what the file imports",
  },
  {
    text: /^No matching export in "[^"]*implementation\/adapter/,
    code: "import-missing",
    advice: "in an adapter import nothing but defineCheck from deltarule",
  },
  {
    text: /^No matching export/,
    code: "import-missing",
    advice: "import what the other file exports",
  },
  {
    text: /^No loader is configured/,
    code: "import-kind",
    advice: "import TypeScript, JavaScript, JSON or text; other data belongs into the code",
  },
  { text: /^/, code: "syntax", advice: "mend the syntax and run the check again" },
] as const;

/** A name that is taken from a file without exports, which would be undefined when the code runs. */
function missingExport({ id, text, location }: Message): CheckProblem | null {
  const [, name, file] =
    /^Import "(.+)" will always be undefined because the file "(.+)" has no exports$/.exec(text) ?? [];
  if (id !== "import-is-undefined" || name === undefined || location?.file.includes("node_modules") !== false)
    return null;
  return {
    kind: "problem",
    code: "import-missing",
    message: `${placeOf(location)}${file} exports no ${name}, nor anything else`,
    advice: `write export before its declaration in ${file}`,
  };
}

const placeOf = (location: Message["location"]): string =>
  location === null ? "" : `${location.file}:${location.line}:${location.column + 1}: `;

function refusal({ errors }: BuildFailure): CheckProblem {
  const [{ text, location } = { text: "it cannot be bundled", location: null }] = errors;
  const { code, advice } = refusals.find((row) => row.text.test(text)) ?? refusals[4];
  const others = errors.length === 1 ? "" : ` (and ${errors.length - 1} more)`;
  return { kind: "problem", code, message: `${placeOf(location)}${text}${others}`, advice };
}
