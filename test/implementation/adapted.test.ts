import { describe, expect, test } from "vitest";
import { openCode } from "../../src/implementation/calls.ts";
import { adapterMark } from "../../src/implementation/adapter.ts";
import { defineCheck } from "../../src/implementation/index.ts";
import { asProblem } from "../../src/implementation/problems.ts";
import { deviation, gradientOf, outputsOf, requestFor, runHere, type Weights } from "./reference.ts";

interface Parameters {
  W2: number[][];
  b2: number[];
  W3: number[][];
  b3: number[];
}

/** Hand-written code as a class: gradients in fields, steps in place. */
class Net {
  p: Parameters = { W2: [[0, 0], [0, 0], [0, 0]], b2: [0, 0, 0], W3: Array.from({ length: 4 }, () => [0, 0, 0]), b3: [0, 0, 0, 0] }; // prettier-ignore
  rate = 0.1;

  weights(): Weights {
    return { W: [this.p.W2, this.p.W3], b: [this.p.b2, this.p.b3] };
  }
  predict(x: number[]): number[] {
    return outputsOf(this.weights(), x);
  }
  loss(x: number[], y: number[]): number {
    return this.predict(x).reduce((sum, a, j) => sum + (a - (y[j] as number)) ** 2, 0) / (2 * y.length);
  }
  backward(x: number[], y: number[]): object {
    const { W, b } = gradientOf(this.weights(), x, y);
    return { W2: W[0], b2: b[0], W3: W[1], b3: b[1] };
  }
  train(x: number[], y: number[], rate = this.rate): void {
    const { W, b } = gradientOf(this.weights(), x, y);
    const own = this.weights();
    own.W.forEach((rows, l) =>
      rows.forEach((row, j) => row.forEach((w, k) => (row[k] = w - rate * (W[l]?.[j]?.[k] as number)))),
    );
    own.b.forEach((list, l) => list.forEach((v, j) => (list[j] = v - rate * (b[l]?.[j] as number))));
  }
}

const set = (net: Net, p: Parameters): void => void (net.p = p);
const create = (): Net => new Net();
const parameters = (net: Net): object => net.p;
const gradients = (net: Net, x: number[], y: number[]): object => net.backward(x, y);
const forward = (net: Net, x: number[]): number[] => net.predict(x);
const objective = (net: Net, x: number[], y: number[]): number => net.loss(x, y);
const step = (net: Net, x: number[], y: number[], rate: number): void => net.train(x, y, rate);

const run = (adapter: object, options = {}) => {
  const request = requestFor("2-3-4", options);
  return runHere(() => Promise.resolve({ default: adapter }), request).then((reply) => ({ reply, request }));
};

describe("an adapter gives the gradient", () => {
  test.each<[string, object]>([
    ["that is returned", defineCheck({ create, setParameters: set, gradients, forward, objective })],
    ["with parameters in place", defineCheck({ create, parameters, gradients })],
    ["by a step", defineCheck({ create, parameters, step })],
    ["by a step that has its parameters set", defineCheck({ create, setParameters: set, parameters, step, forward })],
    [
      "by a step whose parameters are given as copies",
      defineCheck({ create, setParameters: set, parameters: (net) => structuredClone(net.p), step }),
    ],
    [
      "by a step at its own rate",
      defineCheck({
        create,
        parameters,
        step: (net, x: number[], y: number[]) => net.train(x, y),
        learningRate: 0.1,
      }),
    ],
    [
      "with promises for all",
      defineCheck({
        create: () => Promise.resolve(new Net()),
        setParameters: async (net, p: Parameters) => {
          await Promise.resolve();
          net.p = p;
        },
        gradients: (net, x: number[], y: number[]) => Promise.resolve(net.backward(x, y)),
        forward: (net, x: number[]) => Promise.resolve(net.predict(x)),
      }),
    ],
    [
      "in a list, with matrices with rows = in",
      defineCheck({
        create,
        setParameters: set,
        gradients: (net, x: number[], y: number[]) => {
          const { W, b } = gradientOf(net.weights(), x, y);
          return W.map((rows, l) => ({ W: rows[0]?.map((_, k) => rows.map((row) => row[k])), b: b[l] }));
        },
      }),
    ],
  ])("%s", async (_, adapter) => {
    const { reply, request } = await run(adapter);
    expect(deviation(reply, request)).toBeLessThan(1e-11);
  });

  test.each([
    ["gradients(net, x, y)", defineCheck({ create, setParameters: set, gradients, forward, objective })],
    // After a step both would be others.
    ["step(net, x, y, rate)", defineCheck({ create, parameters, step, forward, objective })],
  ])("with outputs and loss: %s", async (convention, adapter) => {
    const { reply, request } = await run(adapter);
    if (reply.kind === "problem") throw new Error(reply.message);
    expect(reply.convention).toBe(convention);
    reply.results.forEach(({ output, loss }, c) => {
      const digits = (values?: ArrayLike<number>): string[] => Array.from(values ?? [], (v) => v.toFixed(13));
      expect(digits(output?.values)).toEqual(digits(request.expected?.outputs?.[c]));
      expect(digits(loss?.values)).toEqual(digits([request.expected?.losses?.[c] ?? NaN]));
    });
  });

  test("with what rounding takes from a step, which is more in single precision", async () => {
    const double = await run(defineCheck({ create, parameters, step }));
    const single = await run(
      defineCheck({
        create: () => ({ kept: new Float32Array(25) }),
        parameters: (net) => net.kept,
        step: (net, _x: number[], _y: number[], rate) => net.kept.forEach((v, i) => (net.kept[i] = v - rate)),
      }),
    );
    const roundoff = ({ reply }: typeof double): number =>
      (reply.kind === "success" && reply.results[0]?.roundoff?.[0]) || NaN;
    const weight = Math.abs(double.request.calls[0]?.point.theta[0] ?? NaN);
    expect(roundoff(double) / (2 ** -53 * 4 * weight)).toBeCloseTo(1, 0);
    expect(roundoff(single)).toBeGreaterThan(roundoff(double) * 1e8);
    expect(double.reply).toMatchObject({ convention: "step(net, x, y, rate)" });
  });

  test("as the change of the weights where a step has no rate that is known", async () => {
    const { reply, request } = await run(
      defineCheck({ create, parameters, step: (net, x: number[], y: number[]) => net.train(x, y) }),
    );
    const tenth = request.gradients.map((gradient) => gradient.map((v) => v / 10));
    expect(deviation(reply, { gradients: tenth })).toBeLessThan(1e-11);
  });

  test("of a list of samples where it takes batches, be it one", async () => {
    const seen: unknown[] = [];
    const adapter = defineCheck({
      create,
      setParameters: set,
      batch: 1,
      gradients: (net, xs: number[][], ys: number[][]) => {
        seen.push(xs.length, ys.length);
        return net.backward(xs[0] as number[], ys[0] as number[]);
      },
    });
    const { reply, request } = await run(adapter, { calls: 1 });
    expect(deviation(reply, request)).toBeLessThan(1e-12);
    expect(seen).toEqual([1, 1]);
  });

  test("on one instance for all calls that share its number", async () => {
    let made = 0;
    const adapter = defineCheck({ create: () => (made++, new Net()), setParameters: set, gradients });
    const request = requestFor("2-3-4", { calls: 3 });
    const calls = request.calls.map((call, i) => ({ ...call, instance: Math.min(i, 1) }));
    await runHere(() => Promise.resolve({ default: adapter }), { ...request, calls });
    // One more is there to find out how it is called.
    expect(made).toBe(3);
  });

  test("of the sizes that are asked for", async () => {
    const sizes: unknown[] = [];
    const adapter = defineCheck({
      create: (shape) => (sizes.push(shape.sizes), new Net()),
      setParameters: set,
      gradients,
    });
    await run(adapter, { calls: 1 });
    expect(sizes[0]).toEqual([2, 3, 4]);
  });
});

describe("an adapter that does not fit is told what is wrong", () => {
  const right = { create, setParameters: set, gradients };
  const rows: readonly (readonly [string, object, string, RegExp, RegExp])[] = [
    ["throws in create", { ...right, create: () => JSON.parse("{") as Net }, "threw", /^`create` throws SyntaxError/, /./],
    ["creates nothing", { ...right, create: () => undefined }, "adapter-incomplete", /^`create` returns nothing$/, /create:/],
    ["returns nothing", { ...right, gradients: () => undefined }, "no-gradient", /^`gradients` gives nothing where an object/, /^return the gradient from `gradients`, as { W2, b2, W3, b3 }; code that updates its weights in place is reached by `step` instead/],
    ["lacks a tensor", { ...right, gradients: (net: Net) => ({ W2: net.p.W2, b2: net.p.b2, W3: net.p.W3 }) }, "missing-gradient", /^`gradients` gives { W2, b2, W3 }, without db3$/, /^let `gradients` return all of { W2, b2, W3, b3 }$/],
    ["has a tensor of another shape", { ...right, gradients: (net: Net) => ({ ...net.p, b3: [1] }) }, "wrong-shape", /^b3 is 1 numbers; expected 4 numbers$/, /^let `gradients` give each tensor laid out as/],
    ["has NaN", { ...right, gradients: (net: Net) => ({ ...net.p, W2: [[1, 2], [3, NaN], [5, 6]] }) }, "not-finite", /^dW2\[2, 2\] is NaN$/, /./],
    ["changes its input", { ...right, gradients: (net: Net, x: number[]) => ((x[0] = 1), net.p) }, "mutated-input", /^`gradients` changes its input or target$/, /copies/],
    ["gives other outputs", { ...right, forward: () => [1, 2, 3] }, "wrong-shape", /^`forward` gives nothing that holds 4 outputs$/, /./],
    ["gives no loss", { ...right, objective: () => "small" }, "wrong-shape", /^`objective` gives no number$/, /./],
    ["gives copies of its parameters", { create, parameters: (net: Net) => structuredClone(net.p), gradients }, "parameters-not-kept", /^what is written into W2 of `parameters` does not stay: it gives a copy$/, /^add setParameters: /],
    ["freezes its parameters", { create, parameters: (net: Net) => ({ ...net.p, b2: Object.freeze([0, 0, 0]) }), gradients }, "parameters-not-kept", /throws TypeError/, /^add setParameters: /],
    ["sets others than it gives", { ...right, parameters: () => new Net().p }, "parameters-not-kept", /^after `setParameters`, `parameters` gives other numbers for W2: 0 where/, /./],
    ["has no parameters to give", { create, parameters: (net: Net) => ({ W2: net.p.W2 }), gradients }, "missing-parameter", /^`parameters` gives { W2 }, without b2$/, /let `parameters` give/],
    ["has parameters that are undefined", { create, parameters: () => ({ W2: undefined, b2: undefined }), gradients }, "missing-parameter", /^W2 is undefined in the { W2, b2 } that `parameters` gives$/, /^let `parameters` give { W2, b2, W3, b3 } from fields that the network has once/],
    ["has parameters of another hidden layer", { create, parameters: (net: Net) => ({ ...net.p, W2: [[1, 2], [3, 4]] }), step }, "wrong-shape", /^network says 2-3-4, but W2 has 2 rows: it is 2 × 2; expected 3 × 2/, /or say network: "2-2-4" in the adapter$/],
    ["has parameters of other inputs, rows for inputs", { create, parameters: (net: Net) => ({ ...net.p, W2: Array.from({ length: 5 }, () => [1, 2, 3]) }), step }, "wrong-shape", /^network says 2-3-4, but W2 has 5 rows: it is 5 × 3;/, /"5-3-4"/],
    ["has parameters of other sizes altogether", { create, parameters: (net: Net) => ({ ...net.p, W2: [[1, 2, 3, 4]] }), step }, "wrong-shape", /^W2 is 1 × 4; expected/, /^let `parameters` give .* of the sizes that are checked$/],
    ["throws in parameters", { create, parameters: (net: Net) => ({ W2: (net as never as { w: Net }).w.p }), step }, "threw", /^`parameters` throws TypeError/, /from fields that the network has$/],
    ["throws in setParameters", { ...right, setParameters: () => { throw new Error("no"); } }, "threw", /^`setParameters` throws Error: no/, /^`setParameters` is given what `create` made, and { W2, b2, W3, b3 }/],
    ["throws in gradients", { ...right, gradients: () => { throw new Error("no"); } }, "threw", /^`gradients` throws Error: no/, /^call `gradients` by hand: .* gradients\(net, x, y\)$/],
    ["throws in a step", { create, parameters, step: () => { throw new Error("no"); } }, "threw", /^`step` throws Error: no/, /step\(net, x, y, rate\)$/],
    ["goes through samples of x", { create, parameters, step: (_: Net, xs: number[][]) => { for (const [v] of xs) if (v === 0) break; } }, "threw", /is not iterable/, /does the code take a list of samples\? Then add batch: 4/],
    ["calls a list's method on an entry of x", { ...right, gradients: (_: Net, xs: number[][]) => xs.map((x) => x.map((v) => v)) }, "threw", /x\.map is not a function/, /batch: 4/],
    ["calls what is no function in batches", { ...right, batch: 4, gradients: (_: Net, xs: number[][]) => (xs as never as () => void)() }, "threw", /is not a function/, /^call `gradients` by hand/],
    ["steps to NaN", { create, parameters, step: (net: Net) => (net.p = { ...net.p, b2: [1, NaN, 1] }) }, "not-finite", /^after the step b2\[2\] is NaN: is the learning rate defined\?$/, /./],
    ["steps nowhere", { create, parameters, step: () => undefined }, "no-gradient", /^the step changes none of the parameters$/, /./],
  ]; // prettier-ignore
  test.each(rows)("%s", async (_, adapter, code, message, advice) => {
    const { reply } = await run({ ...adapter, [adapterMark]: true });
    expect(reply).toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
      advice: expect.stringMatching(advice) as string,
    });
  });
});

const open = (adapter: object) =>
  openCode(() => Promise.resolve({ default: { ...adapter, [adapterMark]: true } }), null).catch((error: unknown) =>
    asProblem(error, null, null),
  );

describe("an adapter that is not complete is told what is missing", () => {
  const right = { create, setParameters: set, gradients };
  const rows: readonly (readonly [object, RegExp, RegExp])[] = [
    [{ create, setParameters: set }, /^the adapter has no `gradients` and no `step`$/, /^write gradients: \(net, x, y\) => .*, or step: /],
    [{ setParameters: set, gradients }, /^the adapter has no `create`$/, /^write create: \(\) => new Network\(\)$/],
    [{ create, gradients }, /^the adapter has no `setParameters` and no `parameters`$/, /setParameters: .* or parameters: /],
    [{ create, setParameters: set, step }, /^the adapter has a `step`, but no `parameters`/, /parameters: /],
    [{ ...right, step }, /^the adapter has both `gradients` and `step`.*no `parameters`/, /./],
    [{ ...right, gradients: undefined, gradient: gradients }, /^the adapter has no `gradients` and no `step`; it has `gradient`, which is no part of one: did you mean `gradients`\?$/, /./],
    [{ ...right, optimizer: 1 }, /^the adapter has `optimizer`, which is no part of one$/, /^leave it out/],
    [{ ...right, create: 3 }, /^the adapter has a `create` that is not a function$/, /create:/],
    [{ ...right, loss: () => 3 }, /^the adapter has a `loss` that is not a string$/, /`objective`/],
    [{ ...right, batch: 0 }, /^the adapter has a `batch` that is not a whole number above 0$/, /./],
    [{ ...right, reduction: "max" }, /^the adapter has a `reduction` that is not "mean" or "sum"$/, /./],
    [{ ...right, network: "2-3-4", equations: "a.eq" }, /^the adapter has both `network` and `equations`/, /./],
  ]; // prettier-ignore
  test.each(rows)("%#", async (adapter, message, advice) => {
    expect(await open(adapter)).toMatchObject({
      code: "adapter-incomplete",
      message: expect.stringMatching(message) as string,
      advice: expect.stringMatching(advice) as string,
    });
  });
});

describe("an adapter says of itself", () => {
  const right = { create, setParameters: set, gradients };
  test.each<[string, object, object]>([
    [
      "what it is checked against",
      { ...right, network: "2-3-4", activation: "tanh", loss: "half-squared", constants: { c: 3 }, l2: 0.01 },
      { network: "2-3-4", options: { activation: "tanh", loss: "half-squared", constant: ["c=3"], l2: "0.01" } },
    ],
    [
      "that it makes no step",
      right,
      { kind: "adapter", isStep: false, takesRate: false, rate: null, hasForward: false },
    ],
    ["that its step takes the rate", { create, parameters, step }, { isStep: true, takesRate: true, rate: null }],
    [
      "at which rate its step is made",
      { create, parameters, learningRate: 0.1, step: (net: Net, x: number[], y: number[]) => net.train(x, y) },
      { isStep: true, takesRate: false, rate: 0.1 },
    ],
    ["that it takes batches", { ...right, batch: 4, reduction: "sum" }, { batch: 4, reduction: "sum" }],
    [
      "that it is made for any sizes",
      { ...right, create: (shape: object) => Object.assign(new Net(), shape) },
      { takesSizes: true },
    ],
    ["that it is made for one network", right, { takesSizes: false, batch: null, reduction: "mean" }],
  ])("%s", async (_, adapter, description) => {
    expect(await open(adapter)).toMatchObject(description);
  });
});
