// Puts the part of mathjs that is used into dist/expression/mathjs.js.
import { buildSync } from "esbuild";

const file = new URL("../dist/expression/mathjs.js", import.meta.url).pathname;
buildSync({
  entryPoints: [file],
  outfile: file,
  allowOverwrite: true,
  bundle: true,
  format: "esm",
  platform: "node",
  banner: { js: "/*! From mathjs, Apache License 2.0; licence and notice come with the package mathjs. */" },
});
