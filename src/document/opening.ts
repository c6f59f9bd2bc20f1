import type { Derivation } from "../derivation/index.ts";
import {
  hasOneActivation,
  inputActivation,
  inputVariable,
  penaltyVariable,
  shift,
  targetVariable,
  variableKey,
} from "../equations/index.ts";
import {
  atom,
  call,
  hadamard,
  kronecker,
  num,
  partial,
  print,
  shown,
  sizeOf,
  sym,
  view,
  wholeTensor,
  type Expr,
  type Variable,
} from "../expression/index.ts";
import { plain, type Block, type Inline, type Rich } from "./content.ts";
import { drawNetwork } from "./picture.ts";
import {
  at,
  code,
  equality,
  expression,
  heading,
  j,
  k,
  l,
  L,
  paragraph,
  shapeFormula,
  withList,
  type Speak,
} from "./phrase.ts";
import type { Elision } from "./written.ts";

/** How many layers are listed one by one. */
const mostListed = 4;

/** What the reader has to know before the first formula. */
export function conventions({ network, forward }: Derivation, speak: Speak, { terms }: Elision): Block[] {
  const { sizes } = network;
  const loss = forward.at(-1);
  if (loss === undefined) throw new Error("a derivation has a loss");
  const layers = shown(sizes.length, mostListed).map((n) =>
    n === null ? null : equality(sizeOf(num(n)), num(sizes[n - 1] as number)),
  );
  const numbered = speak("conventionLayers", {
    last: equality(L, num(sizes.length)),
    l: expression(l),
    size: expression(sizeOf(l)),
  });
  return [
    heading(1, speak("conventions"), "conventions"),
    paragraph(
      speak("introduction", {
        count: sizes.length,
        sizes: shown(sizes.length, 8, 3)
          .map((n) => (n === null ? "…" : sizes[n - 1]))
          .join(", "),
      }),
    ),
    {
      kind: "list",
      isOrdered: false,
      start: 1,
      items: [
        withList(numbered, "listed", layers),
        speak("conventionWeights", {
          entry: expression(atom(at("W", l), [j, k])),
          j: expression(j),
          k: expression(k),
          l: expression(l),
          before: expression(shift(l, -1)),
          matrix: expression(wholeTensor(at("W", l), 2)),
          shape: shapeFormula([sizeOf(l), sizeOf(shift(l, -1))]),
        }),
        speak("conventionLetters", {
          ...Object.fromEntries(["j", "k", "p", "q"].map((name) => [name, expression(sym(name))])),
          l: expression(l),
          size: expression(sizeOf(l)),
        }),
        ...(sizes.some((size) => size > terms) ? [speak("conventionDots")] : []),
        speak("conventionLoss", { loss: equality(sym("J"), loss.value) }),
      ],
    },
  ];
}

/** One row of the table of notation. */
interface Quantity {
  readonly symbol: Inline;
  readonly meaning: Rich;
  readonly shape: readonly Expr[] | null;
  /** Its size in a numbered layer, null where the layer has none. */
  readonly sizesIn: (layer: number) => readonly number[] | null;
  readonly codeNames: (layer: number) => string;
}

export function notation({ network, functions, forward }: Derivation, speak: Speak): Block[] {
  const { sizes } = network;
  const ofFunctions = (rows: readonly Quantity[]): readonly Quantity[] => (functions.length === 0 ? [] : rows);
  const hasPenalty = forward.some(({ variable }) => variableKey(variable) === variableKey(penaltyVariable));
  const size = (layer: number): number => sizes[layer - 1] as number;
  const own = (layer: number): readonly number[] | null => (layer < 2 ? null : [size(layer)]);
  const only =
    (one: number) =>
    (layer: number): readonly number[] | null =>
      layer === one ? [size(layer)] : null;
  const none = (): null => null;
  const named = (l_: Expr): Readonly<Record<string, Inline>> => ({ l: expression(l_) });
  const column = [sizeOf(l), num(1)];
  const tensor = (variable: Variable, rank = 1): Inline => expression(wholeTensor(variable, rank));
  const quantities: readonly Quantity[] = [
    {
      symbol: expression(sizeOf(l)),
      meaning: speak("meaningOfSize", named(l)),
      shape: null,
      sizesIn: none,
      codeNames: (n) => (n === 1 ? "sizes" : ""),
    },
    {
      symbol: equality(wholeTensor(inputActivation, 1), wholeTensor(inputVariable, 1)),
      meaning: speak("meaningOfInput"),
      shape: [sizeOf(num(1)), num(1)],
      sizesIn: only(1),
      codeNames: (n) => (n === 1 ? "x" : ""),
    },
    {
      symbol: tensor(at("W", l), 2),
      meaning: speak("meaningOfWeight", named(l)),
      shape: [sizeOf(l), sizeOf(shift(l, -1))],
      sizesIn: (n) => (n < 2 ? null : [size(n), size(n - 1)]),
      codeNames: (n) => (n < 2 ? "" : `W${n}`),
    },
    {
      symbol: tensor(at("b", l)),
      meaning: speak("meaningOfBias", named(l)),
      shape: column,
      sizesIn: own,
      codeNames: (n) => (n < 2 ? "" : `b${n}`),
    },
    {
      symbol: tensor(at("z", l)),
      meaning: speak("meaningOfPreActivation", named(l)),
      shape: column,
      sizesIn: own,
      codeNames: (n) => (n < 2 ? "" : `z${n}`),
    },
    {
      symbol: tensor(at("a", l)),
      meaning: speak("meaningOfActivation", named(l)),
      shape: column,
      sizesIn: own,
      codeNames: (n) => (n < 2 ? "" : `a${n}`),
    },
    ...ofFunctions([
      {
        symbol: expression(call("sigma", hasOneActivation(network) ? null : l, sym("z"))),
        meaning: speak("meaningOfFunction"),
        shape: null,
        sizesIn: none,
        codeNames: () => "",
      },
      {
        symbol: expression(call("sigma_prime", hasOneActivation(network) ? null : l, sym("z"))),
        meaning: speak("meaningOfSlope"),
        shape: null,
        sizesIn: none,
        codeNames: () => "",
      },
    ]),
    {
      symbol: tensor(targetVariable),
      meaning: speak("meaningOfTarget"),
      shape: [sizeOf(L), num(1)],
      sizesIn: only(sizes.length),
      codeNames: (n) => (n === sizes.length ? "y" : ""),
    },
    {
      symbol: expression(sym("J")),
      meaning: speak("meaningOfLoss"),
      shape: null,
      sizesIn: none,
      codeNames: (n) => (n === 1 ? "J" : ""),
    },
    ...(hasPenalty
      ? [
          {
            symbol: expression(sym(penaltyVariable.family)),
            meaning: speak("meaningOfPenalty"),
            shape: null,
            sizesIn: none,
            codeNames: (n: number) => (n === 1 ? penaltyVariable.family : ""),
          },
        ]
      : []),
    {
      symbol: tensor(at("delta", l)),
      meaning: speak("meaningOfDelta", named(l)),
      shape: column,
      sizesIn: own,
      codeNames: (n) => (n < 2 ? "" : `d${n}`),
    },
    {
      symbol: expression(partial(sym("J"), wholeTensor(at("W", l), 2))),
      meaning: speak("meaningOfGradient", {
        derivative: expression(partial(sym("J"), atom(at("W", l), [j, k]))),
      }),
      shape: [sizeOf(l), sizeOf(shift(l, -1))],
      sizesIn: none,
      codeNames: (n) => (n === 1 ? "gradient" : ""),
    },
    {
      symbol: expression(kronecker(k, j)),
      meaning: speak("meaningOfBracket"),
      shape: null,
      sizesIn: none,
      codeNames: () => "",
    },
    {
      symbol: expression(
        hadamard(wholeTensor({ family: "u", layer: null }, 1), wholeTensor({ family: "v", layer: null }, 1)),
      ),
      meaning: speak("meaningOfHadamard"),
      shape: null,
      sizesIn: none,
      codeNames: () => "",
    },
    {
      symbol: expression(call("transpose", null, wholeTensor(at("W", l), 2))),
      meaning: speak("meaningOfTranspose"),
      shape: [sizeOf(shift(l, -1)), sizeOf(l)],
      sizesIn: none,
      codeNames: () => "",
    },
  ];
  const layers = sizes.map((_, i) => i + 1);
  return [
    heading(1, speak("notation"), "notation"),
    {
      kind: "table",
      columns: ["short", "words", "short", "short", "number", "short"],
      head: (["symbol", "meaning", "shape", "shapeHere", "count", "codeName"] as const).map((entry) => speak(entry)),
      rows: quantities.map((quantity) => row(quantity, layers)),
    },
  ];
}

function row({ symbol, meaning, shape, sizesIn, codeNames }: Quantity, layers: readonly number[]): Rich[] {
  const found = layers.flatMap((layer) => sizesIn(layer) ?? []).length;
  const listed = layers.flatMap((layer) => {
    const own = sizesIn(layer);
    return own === null ? [] : [own];
  });
  const names = layers.map(codeNames).filter((name) => name !== "");
  const total = listed.map((own) => own.reduce((a, b) => a * b, 1)).reduce((a, b) => a + b, 0);
  return [
    one(symbol),
    meaning,
    shape === null ? plain("") : one(shapeFormula(shape)),
    list(listed.map((own) => shapeFormula([...own, ...(own.length === 1 ? [1] : [])].map((n) => num(n))))),
    plain(found === 0 ? "" : String(total)),
    list(names.map(code)),
  ];
}

const one = (inline: Inline): Rich => ({ words: "{one}", slots: { one: inline } });

/** A few things separated by commas, the middle of many left out. */
const list = (items: readonly Inline[]): Rich =>
  withList(
    plain("{i}"),
    "i",
    shown(items.length, mostListed).map((n) => (n === null ? null : (items[n - 1] as Inline))),
  );

export function picture({ network: { sizes } }: Derivation, speak: Speak): Block[] {
  const drawn = drawNetwork(sizes);
  const marked = drawn.edges.find(({ label }) => label !== null)?.label?.formula;
  const v = marked?.kind === "expression" ? view(marked.expr) : null;
  if (v?.kind !== "atom") throw new Error("a picture marks one connection");
  const [to, from] = v.indices as [Expr, Expr];
  return [
    heading(1, speak("picture"), "picture"),
    {
      kind: "picture",
      picture: drawn,
      caption: speak("pictureCaption", {
        weight: expression(atom(v.variable, v.indices)),
        to: print(to),
        from: print(from),
      }),
    },
  ];
}
