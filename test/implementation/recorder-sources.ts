import type { Source } from "./recorder-runner.ts";

const ts = (text: string): Source => ({ extension: "ts", text });
const js = (text: string): Source => ({ extension: "js", text });

/** Sources whose `run` takes six numbers, and of which every number that comes out is followed to the inputs. */
export const followed: Readonly<Record<string, Source>> = {
  "the operators of arithmetic": ts(
    `export const run = ([a, b, c]: number[]) => [a! + b!, a! - b! * c!, -a! / +c!, a! ** 2, c! ** -3, c! ** 0.5, c! ** 1.5, c! ** a!, (a! + 1) * (b! - 2.5)];`,
  ),
  "compound assignments to names, members and computed members": ts(`
    export function run([a, b, c]: number[]) {
      let s = a!; s += b!; s *= c!; s -= 1; s /= 3; s **= 2;
      const o = { x: a!, deep: { y: [b!, c!] } };
      o.x += s; o.deep.y[1]! *= o.x; o["x"] -= 0.1;
      let calls = 0;
      const at = () => (calls++, o.deep.y);
      at()[calls]! += a!;
      at()[0]! /= 7;
      return [s, o, calls];
    }`),
  "the old value, where the operand changes the target": ts(`
    export function run([a, b]: number[]) {
      const o = { total: a!, add(x: number) { this.total += x; return this.total; } };
      o.total += o.add(b!);
      const list = [a!, b!];
      const first = () => { list[0] = 5; return list[0]; };
      list[0] += first();
      return [o.total, list];
    }`),
  "steps up and down, before and after, of numbers that depend on inputs": ts(`
    export function run([a]: number[]) {
      let x = a!; const o = { n: x, list: [x] }; const f = () => o;
      return [x++, x, ++x, x--, --x, o.n++, --o.n, f().n++, ++f().n, f().list[0]!--, o];
    }`),
  "conditions, loops and short circuits": ts(`
    export function run([a, b, c]: number[]) {
      const out: unknown[] = [];
      if (a! > b!) out.push(a); else out.push(b);
      out.push(a! < c! ? a! * 2 : c, a! && b!, a! || b!, a! * 0 || c!, (a! * 0 && b!) ?? 1, !a!, !(a! - a!), !!c);
      let x = a!, steps = 0;
      while (x < 5) { x += c!; steps++; }
      do x -= 1; while (x > 0.5 && x !== 30);
      for (let i = 10; i > c!; i--) out.push(i * a!);
      let zero = a! * 0; zero ||= b!; let y = a!; y &&= c!;
      const o = { p: a! * 0, q: c! }; o.p ||= 7 * a!; o.q &&= b!;
      return [out, x, steps, zero, y, o];
    }`),
  "equality of numbers by their worth": ts(`
    export function run([a, b]: number[]) {
      const x = a! + 0, y: unknown = a, text: unknown = "a";
      return [x === a, x !== b, x == a, x != a, y === text, y == null, y === undefined, x === a! * 1, a! * 0 === 0];
    }`),
  "typeof, and functions that ask whether a number is one": ts(`
    export function run([a]: number[]) {
      const x: unknown = a;
      if (typeof x !== "number" || typeof x === "object" || typeof missing !== "undefined") throw new Error("no");
      return [typeof x, Number.isFinite(x), isNaN(x), Number.isInteger(x), Number(x) * 2, parseFloat(String(1.5)), typeof (x as number)];
    }
    declare const missing: unknown;`),
  "a switch over plain numbers and over truths": ts(`
    export function run(v: number[]) {
      const out: number[] = [];
      for (let i = 0; i < 4; i++)
        switch (i % 3) { case 0: out.push(v[0]! * 2); break; case 1: out.push(v[1]!); default: out.push(v[2]! - i); }
      switch (true) { case v[0]! > 0: out.push(v[3]!); break; case false: out.push(1); }
      return out;
    }`),
  "labelled loops": ts(`
    export function run(v: number[]) {
      let s = 0;
      outer: for (const x of v) for (let i = 0; ; i++) { if (x * i > 2) continue outer; if (i > 3) break outer; s += x * i; }
      return s;
    }`),
  "classes with private fields, getters, setters and statics": ts(`
    class Layer {
      #w: number; #n = 0; static rate = 0.1; static #made = 0; private hidden = 1 / 3;
      constructor(w: number, readonly scale = w * 2) { this.#w = w; Layer.#made++; }
      get weight() { return this.#w; }
      set weight(w) { this.#w = w; this.#n++; }
      static get made() { return Layer.#made; }
      step(g: number) { this.weight -= Layer.rate * g; this.#w += this.hidden; this.#n += 2; return this; }
      has(o: object) { return #w in o; }
      get state() { return [this.#w, this.#n, this.scale]; }
    }
    class Sub extends Layer { override step(g: number) { return super.step(g * 2); } }
    export const run = ([a, b]: number[]) => {
      const l = new Layer(a!).step(b!), s = new Sub(b!).step(a!);
      l.weight *= 3;
      return [l.state, s.state, Layer.made, l.has(s)];
    };`),
  "generators, async functions and iterators": ts(`
    function* pairs(v: number[]) { for (let i = 0; i + 1 < v.length; i += 2) { const got: number = yield v[i]! * v[i + 1]!; if (got) yield got + v[i]!; } }
    const later = async (x: number) => x * 2;
    export async function run(v: number[]) {
      const out = [...pairs(v)]; const g = pairs(v); g.next(); out.push(g.next(v[1]!).value!);
      let s = v[0]!; s += await later(v[1]!); s = (await later(s)) + (await later(v[2]!));
      for await (const x of [later(1), s]) out.push(x);
      const all = await Promise.all(v.map(async (x, i) => (await later(x)) - i));
      return [out, s, all, v[0]! && (await later(v[0]!))];
    }`),
  "destructuring with defaults, spread and optional chaining": ts(`
    export function run([a, b = 1 / 3, ...rest]: number[]) {
      const { x = a! * 2, y: [z = b + 1] = [], ...more } = { w: b } as { x?: number; y?: number[]; w: number };
      let p = a!, q = b; [p, q] = [q, p];
      const o: { f?: (x: number) => number; list?: number[] } = { list: [...rest, p] };
      const i = 1; let t = 0;
      [o.list![i - 1], t = p * 3] = [q] as [number, number?];
      return [x, z, more, p, q, o.f?.(a!), o?.list?.[i], o.list, t, Math.max(...rest), Math.hypot(a!, ...rest)];
    }`),
  "closures, recursion, currying and tagged templates": ts(`
    const scale = (k: number) => (x: number) => k * x;
    const power = (x: number, n: number): number => (n === 0 ? 1 : x * power(x, n - 1));
    const tag = (s: TemplateStringsArray, ...x: number[]) => x.reduce((p, q) => p + q, s.length);
    function total(this: unknown, ..._: number[]) { let s = 0; for (let i = 0; i < arguments.length; i++) s += arguments[i] as number; return s; }
    export const run = ([a, b, c]: number[]) => [scale(a!)(b!), power(c!, 3), tag\`\${a! * 2} and \${b!}\`, total(a!, b!, c!), [a!, b!].map(scale(3)), total.call(null, a!), total.apply(null, [b!, c!])];`),
  "map, reduce, sort, filter and their kin": ts(`
    export function run(v: number[]) {
      const best = v.indexOf(Math.max(...v));
      return [v.map((x, i) => x * i), v.reduce((s, x) => s + x), v.filter((x) => x > 0), [...v].sort((a, b) => a - b),
        v.some((x) => x * 0), v.every((x) => x), v.find((x) => x < 0), v.findIndex((x) => x === v[2]), best, v.includes(v[3]! + 0),
        v.flatMap((x) => [x, -x]), v.lastIndexOf(v[1]!), v.filter(Boolean).length, v.toSorted((a, b) => b - a), v.at(-1)! * 2,
        Object.fromEntries(v.map((x, i) => [\`k\${i}\`, x])), new Map(v.map((x, i) => [i, x])).get(2)! * 3];
    }`),
  "functions of Math, by name and taken apart": ts(`
    const { exp, log: ln, tanh } = Math;
    const M = Math;
    export const run = ([a, b, c]: number[]) => [exp(a!), ln(c!), tanh(b!), M.sin(a!), Math.cos(a!), Math.tan(b!), Math.sinh(a!), Math.cosh(a!),
      Math.atan(b!), Math.expm1(a!), Math.log1p(c!), Math.log2(c!), Math.log10(c!), Math.sqrt(c!), Math.abs(a!), Math.abs(b!), Math.sign(b!),
      Math.pow(c!, 2.5), Math.pow(b!, 3), Math.min(a!, b!, c!), Math.max(0, b!), Math.max(0, a!), Math.min(Infinity, a!), Math.hypot(a!, b!), Math["exp"](b!),
      [a!, b!].map(Math.abs), Math.max.apply(null, [a!, c!]), a! * Math.PI, a! + Math.E, a! * Math.LN2, a! * Math.SQRT1_2, Math.log2(8), Math.floor(2.5), Math.E ** b!, Math.pow(Math.E, -a!)];`),
  "constants that no double holds": ts(`
    export const run = ([a]: number[]) => [a! * (1 / 3), a! / 0.3 + 0.1 * 3, a! * Math.sqrt(2 / Math.PI), 0.5 * (1 - 0.25), 1 / 8, 2 ** -3, 2 ** 0.5 * a!, 1e-8 + a!, 0.1 + 0.2, 7 % 4];`),
  "constants that serve as bounds, lengths and keys": ts(`
    export function run([a]: number[]) {
      const half = 0.1 * 30, list = [1, 2, 3, 4]; let s = 0;
      for (let i = 0; i < half; i++) s += list[i]! * a!;
      return [s, list[half], list.slice(0, half), "ab".repeat(half), new Float64Array(half).length, new Uint8Array(half).length, Math.floor(half / 2), half | 0, ({ 3: "three" } as Record<number, string>)[Math.round(half)], list.length / 2];
    }`),
  "text, bigints and truths beside numbers": ts(`
    export const run = ([a, b]: number[]) => ["w" + 1 + 2, 1 + 2 + "w", \`\${1 + 1}\`, "5" as unknown as number * 2, 2n ** 64n + 1n, -(3n), 10n / 3n, true as unknown as number + 1, a! * (true as unknown as number), a! + (b! > 0 ? 1 : 0), (null as unknown as number) + b!, [1, 2] + "x", ("3" as unknown as number) - 1, undefined as unknown as number * a!, a! > ("0" as unknown as number), "b" > "a", 3n > 2];`),
  "typed arrays, with views of a part": ts(`
    export function run(v: number[]) {
      const t = new Float64Array(v), w = new Float64Array(6), part = t.subarray(1, 4);
      part[0] += t[0]!; t[2] = part[1]! * 2; w.set(part, 2); w[9] = 5; w.fill(v[0]!, 0, 1);
      const u = Float64Array.from(v, (x) => x / 2), o = Float64Array.of(v[1]!, 2);
      let s = 0; for (const x of t) s += x; for (const [i, x] of w.entries()) s += i * x; t.forEach((x, i, all) => (s += x * all[i]!));
      class Vector extends Float64Array { dot(o: ArrayLike<number>) { return this.reduce((p, x, i) => p + x * o[i]!, 0); } }
      return [t, part, w, u, o, s, t.map((x) => x * x), t.slice(-2), t.filter((x) => x > 0), Array.from(t), [...w.subarray(2)], t.length, part.byteOffset,
        t.indexOf(v[3]!), t instanceof Float64Array, ArrayBuffer.isView(t), Array.isArray(t), Object.prototype.toString.call(t), w[9], w[17], t.at(-1), t.with(0, 7)[0], t.toSorted(), Object.keys(o), 1 in o, 2 in o,
        t.some((x) => x > 2), t.find((x) => x < 0), new Vector(v).dot(t), new Vector(3).map((_, i) => v[i]!) instanceof Vector, t.slice().sort(), t.slice().reverse(), t.copyWithin(0, 3, 5), t.constructor === Float64Array, new Float64Array(t)[0], t.join().length > 3];
    }`),
  "indices that read as the text of a recorded number does": ts(`
    export function run([a]: number[]) {
      const t = new Float64Array(5), text = \`\${a! - a! + 3}\`;
      t[3] = a!; t[4] += t[3]! * 2;
      return [t, text, JSON.parse(JSON.stringify([a])), t.indexOf(a!)];
    }`),
  "typed arrays over one buffer": ts(`
    export function run(v: number[]) {
      const buffer = new ArrayBuffer(8 * 6), all = new Float64Array(buffer), w = new Float64Array(buffer, 8, 2);
      all.set(v); w[0] *= 2; all[2] = w[0]!;
      return [all, w, w.buffer === buffer, new Float64Array(all.buffer, 16)[0], new Int32Array(3).map((_, i) => i * 2), new Uint8Array([1, 2])[1]];
    }`),
  "numbers rounded to 32 bits": ts(`
    export function run(v: number[]) {
      const t = new Float32Array(v), s = new Float32Array(1); for (const x of t) s[0] += x * 0.1;
      return [t, s, Math.fround(v[0]!), Math.fround(0.1) * v[1]!, t.map((x) => x * 3)];
    }`),
  "copies by JSON and by structuredClone": ts(`
    export function run([a, b]: number[]) {
      const net = { w: [[a!, b!]], f: new Float64Array([a!]), n: 3, s: "t" };
      const copy = JSON.parse(JSON.stringify(net)) as typeof net, clone = structuredClone(net);
      copy.w[0]![0]! *= 2; clone.w[0]![1]! += 1; clone.f[0]! *= 3;
      return [net, copy.w, copy.n, copy.s, clone, JSON.parse("[1.5]", (_, x: unknown) => x)];
    }`),
  "printing, which is no use of a number": ts(`
    export function run([a]: number[]) {
      console.log(a! * 2, [a], "%d", \`\${a! + 1}\`, a!.toFixed(2), String(a), { a });
      return a! * 3;
    }`),
  "CommonJS in sloppy mode": {
    extension: "cjs",
    text: `
      var self = this; var helpers = {};
      helpers.sum = function () { var s = 0; for (var i = 0; i < arguments.length; i++) s += arguments[i]; return s; };
      function Net(w) { this.w = w; } Net.prototype.out = function (x) { return x * this.w || 0 }
      if (typeof module === 'object' && typeof define !== 'function') module.exports = { run: function (v) { var n = new Net(v[0]); n.w -= .5; return [helpers.sum(v[0], v[1]), n.out(v[2]), n] } };`,
  },
  "lines without semicolons": js(`
    export function run(v) {
      let i = 0, s = v[0]
      let t = s
      i++
      ++i
      s
      i || (i = 5)
      typeof s
      !s
      t -= v[1]
      -s
      return [i, s, t]
    }`),
  "minified code": js(`
    function f(a,b){if(a>b)return-a;else return!a||+b}function*g(a){yield-a;return typeof a}
    export const run=([a,b])=>{var c;for(c=0;c<3;c++)a-=b;if(b=a,c>5)b=0;if((c,a*0)&&c)b=7;while(c--,c>0);switch(c,1){case(c,1):a*=2}return[[a,b][a,1],(a,[b])[c,0]+=1,f(a,b),f(b,a),[...g(a)],typeof-a,void-a,-a in{},a- -b]}`),
  "comments and lines within an expression": js(`
    export const run = ([a, b]) => [
      a // the first
        + b /* and */ *
        // the second
        2, (a,
        b), (i => i
        * 2)(a),
    ];`),
  "enums, namespaces, assertions and abstract classes": ts(`
    enum Kind { A = 1 << 1, B = A + 1 }
    namespace N { export const k = 1 / 4; export type T = -1 | typeof k; }
    abstract class Base<T extends number = 1> { abstract f(x: T): number; protected declare z: T; twice?(x: T): number; }
    class Derived extends Base<number> { f(x: number): number { return (x as number)! * N.k + (<number>Kind.B) - (-1 satisfies N.T); } }
    function over(x: number): number; function over(x: number | string) { return (x as number) * 2; }
    export const run = ([a]: number[]) => [new Derived().f(a!), over(a!), Kind.B, Kind[2]];`),
  "a matrix class with methods that chain": ts(`
    class Matrix {
      readonly data: Float64Array;
      constructor(readonly rows: number, readonly columns: number, fill: (i: number, j: number) => number = () => 0) {
        this.data = new Float64Array(rows * columns);
        for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) this.data[i * columns + j] = fill(i, j);
      }
      get(i: number, j: number) { return this.data[i * this.columns + j]!; }
      get T() { return new Matrix(this.columns, this.rows, (i, j) => this.get(j, i)); }
      mul(o: Matrix) { return new Matrix(this.rows, o.columns, (i, j) => { let s = 0; for (let k = this.columns - 1; k >= 0; --k) s += this.get(i, k) * o.get(k, j); return s; }); }
      map(f: (x: number) => number) { return new Matrix(this.rows, this.columns, (i, j) => f(this.get(i, j))); }
    }
    export function run(v: number[]) {
      const W = new Matrix(2, 3, (i, j) => v[i * 3 + j]!), x = new Matrix(3, 1, (i) => v[i]! - 0.25);
      const a = W.mul(x).map((z) => 1 / (1 + Math.exp(-z)));
      return [a.data, W.T.mul(a.map((s) => s * (1 - s))).data];
    }`),
  "softmax, cross-entropy and clipping": ts(`
    export function run(v: number[]) {
      const z = v.slice(0, 3), y = v.slice(3), m = Math.max(...z), e = z.map((q) => Math.exp(q - m)), s = e.reduce((p, q) => p + q, 0), p = e.map((q) => q / s);
      const loss = -p.reduce((t, q, i) => t + y[i]! * Math.log(Math.max(q, 1e-12)), 0);
      const relu = z.map((q) => Math.max(0.01 * q, q)), elu = z.map((q) => (q >= 0 ? q : Math.exp(q) - 1));
      return [p, loss / 3, relu, elu, Math.min(Math.max(v[0]!, -1), 1)];
    }`),
  "a library of numbers and matrices": js(`
    import { addDependencies, create, expDependencies, multiplyDependencies, tanhDependencies } from "mathjs/number";
    const { add, multiply, exp, tanh } = create({ addDependencies, expDependencies, multiplyDependencies, tanhDependencies });
    export const run = ([a, b]) => [add(a, b), multiply(a, 3), exp(b), tanh(a)];`),
};
