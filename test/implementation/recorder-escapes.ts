interface Escaping {
  readonly how: string;
  /** The place that is to be named stands between « and ». */
  readonly text: string;
}

/** Sources in which a number that depends on the inputs leaves the record. */
export const escaping: Readonly<Record<string, Escaping>> = {
  "a bit operator": { how: "a bit operation", text: `export const run = ([a]) => 1 + («a» | 0);` },
  "the complement of bits": { how: "a bit operation", text: `export const run = ([a]) => ~«a»;` },
  "a bit assignment": {
    how: "a bit operation",
    text: `export const run = ([a]) => { let s = 1; s <<= «a»; return s; }`,
  },
  "an index": {
    how: "use as an index",
    text: `const table = [1, 2];\nexport const run = ([a]) =>\n  table[«a - a»] * a;`,
  },
  "a key of a compound assignment": {
    how: "use as an index",
    text: `export const run = ([a]) => { const t = {}; «t[a + 1]» += 2; return t; }`,
  },
  "the remainder of a division": { how: "the remainder of a division", text: `export const run = ([a]) => «a % 1»;` },
  rounding: { how: "Math.floor", text: `export const run = ([a]) => «Math.floor(a * 2)» / 2;` },
  "rounding by a function on its own": {
    how: "Math.round",
    text: `const { round } = Math;\nexport const run = ([a]) => «round(a)»;`,
  },
  "a function that is not recorded": {
    how: "Math.asinh",
    text: `export const run = ([a, b]) => Math.exp(a) + «Math.asinh(b)»;`,
  },
  "a text read as a number": {
    how: "a number read from the text of a recorded one",
    text: `export const run = ([a]) => «+a.toFixed(3)»;`,
  },
  "a text given to Number": {
    how: "a number read from the text of a recorded one",
    text: `export const run = ([a]) => «Number(a.toPrecision(3))»;`,
  },
  "a text given to parseFloat": {
    how: "a number read from the text of a recorded one",
    text: `export const run = (v) => v.join().split(",").map((t) => «parseFloat(t)»);`,
  },
  "a text that is multiplied": {
    how: "a number read from the text of a recorded one",
    text: "export const run = ([a]) => «`${a}` * 2»;",
  },
  "a text with a unit": {
    how: "a number read from the text of a recorded one",
    text: `export const run = ([a]) => «parseFloat(a.toFixed(2) + "px")»;`,
  },
  "a text in JSON": {
    how: "a number read from the text of a recorded one",
    text: `export const run = ([a]) => JSON.parse(«"[" + a * 3 + "]"»)[0];`,
  },
  "a text in code": {
    how: "code made of the text of a recorded number",
    text: "export const run = ([a]) => new Function(`return ${«a * 3»}`)();",
  },
  parseInt: { how: "parseInt", text: `export const run = ([a]) => «parseInt(a, 10)»;` },
  "a switch": {
    how: "use in a switch",
    text: `export const run = ([a]) => { switch («a») { case 0: return 1; } return 2; }`,
  },
  "a number kept in an array of integers": {
    how: "conversion to a plain number",
    text: `export const run = ([a]) => { const t = new Int32Array(2); t[0] = «a * 2»; return t[0]; }`,
  },
  "a number whose bytes are read": {
    how: "bytes read by Uint32Array",
    text: `export const run = ([a]) => { const t = new Float64Array([«a * 2»]); return new Uint32Array(t.buffer)[0]; }`,
  },
  "a number written where bytes are read": {
    how: "bytes seen by an array of another kind",
    text: `export const run = ([a]) => { const t = new Float64Array(1); const b = new Uint8Array(t.buffer); t[0] = «a * 2»; return b[0]; }`,
  },
  valueOf: { how: "conversion to a plain number", text: `export const run = ([a]) => («a + 1»).valueOf();` },
  "what a date is made of": {
    how: "conversion to a plain number",
    text: `export const run = ([a]) => new Date(«a + 1»).getTime();`,
  },
};
