import { variableKey, type Tensor, withSizes } from "../equations/index.ts";
import {
  num,
  partial,
  print,
  shown,
  sizeOf,
  some,
  sym,
  view,
  type Expr,
  type Variable,
  type View,
} from "../expression/index.ts";
import { plain, type Block, type Inline, type Rich } from "./content.ts";
import { indicesOf, symbolOf, sizesOf, usersOf, type ModelView } from "./model-view.ts";
import {
  boundsFormula,
  code,
  equality,
  expression,
  heading,
  overRanges,
  paragraph,
  shapeFormula,
  withList,
  type Speak,
} from "./phrase.ts";

const mostListed = 8;

/** What a reader has to know before the first formula. */
export function modelConventions(of: ModelView, speak: Speak): Block[] {
  const { derivation, objective } = of;
  const J = expression(objective);
  const indices = overRanges(indicesOf(derivation.model)).map(boundsFormula);
  const items = [
    ...(indices.length === 0 ? [] : [withList(speak("modelIndices"), "indices", indices)]),
    ...(derivation.sizes.size === 0 ? [] : [withList(speak("modelSizes"), "sizes", namedSizes(derivation.sizes))]),
    ...numberedNames(of, speak),
    ...derivatives(of, speak),
    ...brackets(of)
      .slice(0, 1)
      .map((bracket) => speak("modelBracket", { bracket: expression(bracket) })),
  ];
  return [
    heading(1, speak("modelConventions"), "conventions"),
    paragraph(speak("modelIntroduction", { name: code(derivation.name), J })),
    ...(items.length === 0 ? [] : [{ kind: "list", isOrdered: false, start: 1, items } as const]),
  ];
}

export const namedSizes = (sizes: ReadonlyMap<string, number>): Inline[] =>
  [...sizes].map(([name, size]) => equality(sizeOf(sym(name)), num(size)));

/** What h1 looks like, where a name ends in digits. */
function numberedNames(of: ModelView, speak: Speak): Rich[] {
  const { tensors, equations } = of.derivation.model;
  const numbered = [...equations, ...tensors].find(({ variable }) => /[A-Za-z]\d+$/.test(variable.family));
  if (numbered === undefined) return [];
  const symbol = expression(symbolOf(numbered.variable, of));
  return [speak("modelNumbers", { name: code(numbered.variable.family), symbol })];
}

/** The two kinds of derivatives, each by the example that comes first. */
function derivatives(of: ModelView, speak: Speak): Rich[] {
  const { derivation, objective, show } = of;
  const J = expression(objective);
  const [first] = derivation.adjoints;
  if (first === undefined) return [];
  const goal = view(show(first.goal));
  if (goal.kind !== "partial") throw new Error(`no derivative: ${print(first.goal)}`);
  const total = speak("modelTotal", { total: expression(show(first.goal)), v: expression(goal.by), J });
  const [local] = derivation.adjoints.flatMap(({ steps }) =>
    steps.flatMap(({ after }) => localsIn(show(after), objective)),
  );
  if (local === undefined) return [total];
  return [total, speak("modelLocal", { local: expression(partial(local.of, local.by)), v: expression(local.by), J })];
}

/** The derivatives in an expression of anything but J. */
function localsIn(expr: Expr, objective: Expr): Extract<View, { kind: "partial" }>[] {
  const found: Extract<View, { kind: "partial" }>[] = [];
  some(expr, (node) => {
    const v = view(node);
    if (v.kind === "partial" && print(v.of) !== print(objective)) found.push(v);
    return false;
  });
  return found;
}

function brackets({ derivation }: ModelView): Expr[] {
  const found: Expr[] = [];
  for (const { steps } of derivation.adjoints)
    for (const { after } of steps)
      some(after, (node) => {
        if (view(node).kind === "kronecker") found.push(node);
        return false;
      });
  return found;
}

const roles = {
  parameter: "modelParameter",
  input: "modelInput",
  target: "modelTarget",
} as const satisfies Record<Tensor["role"], string>;

/** Every tensor and variable: what it is, how large, and which equations use it. */
export function modelNotation(of: ModelView, speak: Speak): Block[] {
  const { model } = of.derivation;
  const role = (variable: Variable): "modelLoss" | "modelOutput" | "modelVariable" => {
    if (variableKey(variable) === variableKey(model.objective)) return "modelLoss";
    return variableKey(variable) === variableKey(model.output) ? "modelOutput" : "modelVariable";
  };
  const rows = [
    ...model.tensors.map((tensor) => row(tensor.variable, speak(roles[tensor.role]), of)),
    ...model.equations.map(({ variable }) => row(variable, speak(role(variable)), of)),
  ];
  return [
    heading(1, speak("notation"), "notation"),
    {
      kind: "table",
      columns: ["short", "words", "short", "short", "number", "short", "short"],
      head: (["symbol", "modelRole", "shape", "modelHere", "count", "modelUsedIn", "codeName"] as const).map((entry) =>
        speak(entry),
      ),
      rows,
    },
  ];
}

function row(variable: Variable, role: Rich, of: ModelView): Rich[] {
  const { model, sizes } = of.derivation;
  const own = sizesOf(variable, model);
  const numbers = sizesOf(variable, withSizes(model, sizes));
  const column = own.length === 1 ? [num(1)] : [];
  const users = usersOf(variable, model).map((user) => expression(symbolOf(user.variable, of)));
  const shape = (list: readonly Expr[]): Rich =>
    list.length === 0 ? plain("") : withList(plain("{s}"), "s", [shapeFormula([...list, ...column])]);
  return [
    withList(plain("{one}"), "one", [expression(symbolOf(variable, of))]),
    role,
    shape(own),
    shape(numbers),
    plain(String(numbers.map((size) => Number(print(size))).reduce((a, b) => a * b, 1))),
    withList(
      plain("{user}"),
      "user",
      shown(users.length, mostListed).map((n) => (n === null ? null : (users[n - 1] as Inline))),
    ),
    withList(plain("{code}"), "code", [code(variable.family)]),
  ];
}
