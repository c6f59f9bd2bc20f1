import { describe, expect, test } from "vitest";
import {
  asPartials,
  compareModelWithDifferences,
  languages,
  RefusedStep,
  type CheckedStep,
  type Language,
  type ModelDerivation,
} from "../../src/derivation/index.ts";
import {
  arrangeModel,
  documentFormats,
  modelSections,
  modelToJson,
  render,
  targets,
  type Document,
  type EmittedCode,
} from "../../src/document/index.ts";
import { negate, print, printEquality, read, readEquality } from "../../src/expression/index.ts";
import { latex, readLatex, typesetFormula, unicode, typeset } from "../../src/notation/index.ts";
import { describeFormula } from "../notation/round-trip.ts";
import { asSeen, formulasIn } from "./documents.ts";
import { functionVocabulary, modelDerivation, modelNames, modelVocabulary, type ModelName } from "./models.ts";

const cases = modelNames.flatMap((name) => languages.map((language) => [name, language] as const));

const documents = new Map<string, Document>();
function documentOf(name: ModelName, language: Language): Document {
  const key = `${name} ${language}`;
  const document = documents.get(key) ?? arrangeModel(modelDerivation(name), language);
  documents.set(key, document);
  return document;
}

/** Marks of how a name is printed are not part of it. */
const unmarked = (text: string): string => text.replaceAll("__", "");

const usedSteps = ({ functions, adjoints }: ModelDerivation): readonly CheckedStep[] => [
  ...functions.flatMap(({ steps }) => steps),
  ...adjoints
    .filter(({ target }) => target.family !== "unused")
    .flatMap(({ steps, evaluation }) => [...steps, ...evaluation]),
];

describe.each(cases)("the document about %s in %s", (name, language) => {
  test("every format is printed and has nothing left to fill in", () => {
    const document = documentOf(name, language);
    const printed = [
      ...documentFormats.map((format) => render(document, format)),
      ...targets.map((target) => render(document, "md", { target })),
    ];
    for (const text of printed) {
      const bare = text.replace(/url\(data:font[^)]*\)/g, "").replace(/\\\w+\{\w+\}/g, "");
      expect(/undefined|\[object|\bNaN\b|Infinity|katex-error|\ue000|__/.exec(bare)?.[0]).toBeUndefined();
      expect(
        /_bar|\{(?:name|sizes|indices|users|updates|total|local|equation|count|step|steps)\}/.exec(bare),
      ).toBeNull();
    }
  });

  test("every formula reads back from its LaTeX as what was checked", () => {
    const derivation = modelDerivation(name);
    const ofFunctions = arrangeModel(derivation, language, { sections: ["functions"] });
    const others = arrangeModel(derivation, language, {
      sections: modelSections.filter((section) => section !== "functions"),
    });
    const pairs = [
      [ofFunctions, functionVocabulary(derivation)],
      [others, modelVocabulary(derivation)],
    ] as const;
    for (const [{ blocks }, vocabulary] of pairs)
      for (const formula of formulasIn(blocks)) {
        const text = typesetFormula(formula, latex);
        expect(describeFormula(readLatex(text, vocabulary)), text).toBe(unmarked(describeFormula(asSeen(formula))));
      }
    expect(formulasIn(others.blocks).length).toBeGreaterThan(60);
  });

  test("all steps stand in it in their order, adjoints as derivatives of J", () => {
    const derivation = modelDerivation(name);
    const { blocks } = documentOf(name, language);
    const shown = blocks.flatMap((block) => (block.kind === "steps" ? block.lines.map(({ right }) => right) : []));
    const expected = usedSteps(derivation).map(({ after }) => print(asPartials(after, derivation.model.objective)));
    expect(shown.map((right) => unmarked(print(right)))).toEqual(expected);
    const text = render({ title: "", language, blocks }, "text").replace(/\s+/g, "");
    for (const right of shown) expect(text).toContain(`=${typeset(right, unicode).text}`.replace(/\s+/g, ""));
  });

  test("its headings have names of their own", () => {
    const ids = documentOf(name, language).blocks.flatMap((block) => (block.kind === "heading" ? [block.id] : []));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe.each(modelNames)("the gradient of %s", (name) => {
  test("agrees with differences in at least 30 digits", () => {
    const { tensors } = compareModelWithDifferences(modelDerivation(name));
    for (const { tensor, digits, isZero } of tensors) expect(isZero ? 64 : digits, tensor).toBeGreaterThanOrEqual(30);
    expect(tensors.filter(({ isZero }) => isZero).map(({ tensor }) => tensor)).toEqual(
      name.startsWith("three indices") ? ["unused"] : [],
    );
  });

  test("is refused with the opposite sign", () => {
    const derivation = modelDerivation(name);
    const adjoints = derivation.adjoints.map((adjoint) =>
      adjoint.isParameter ? { ...adjoint, evaluated: negate(adjoint.evaluated) } : adjoint,
    );
    expect(() => compareModelWithDifferences({ ...derivation, adjoints })).toThrow(RefusedStep);
  });

  test("every formula of its JSON reads back as the identical tree", () => {
    const parsed = JSON.parse(modelToJson(modelDerivation(name), "1.2.3")) as Record<string, unknown>;
    expect(Object.keys(parsed).slice(0, 3)).toEqual(["deltarule", "model", "sizes"]);
    const formulas = mathsIn(parsed);
    expect(formulas.length).toBeGreaterThan(30);
    for (const math of formulas) {
      const isEquality = math.includes(" == ");
      const again = isEquality ? readEquality(math) : null;
      expect(again === null ? print(read(math)) : printEquality(again.left, again.right)).toBe(math);
    }
    expect(JSON.stringify(parsed)).not.toMatch(/_bar|"[^"]*__/);
  });
});

function mathsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const own = "math" in value && typeof value.math === "string" ? [value.math] : [];
  return [...own, ...Object.values(value).flatMap(mathsIn)];
}

describe("the sections of a document about a model", () => {
  const derivation = modelDerivation("shared weights over five steps");
  const [first] = derivation.adjoints;
  const code: EmittedCode = {
    command: "deltarule emit --equations model.eq",
    references: [
      {
        equations: [{ tag: "", goal: first?.goal as never, value: first?.evaluated as never }],
        ranges: [{ first: 3, last: 4 }],
        lines: [{ number: 3, text: "const t1 = h5_1 - y_1;" }],
      },
    ],
  };
  const sectionsOf = ({ blocks }: Document): string[] =>
    blocks.flatMap((block) => (block.kind === "heading" && block.level === 1 ? [block.id] : []));

  test("stand in their order", () => {
    expect(sectionsOf(arrangeModel(derivation, "en", { code }))).toEqual([...modelSections]);
  });

  test.each(modelSections)("only %s, and all but it", (section) => {
    expect(sectionsOf(arrangeModel(derivation, "en", { code, sections: [section] }))).toEqual([section]);
    const others = modelSections.filter((other) => other !== section);
    expect(sectionsOf(arrangeModel(derivation, "en", { code, sections: others }))).toEqual(others);
  });

  test("the code's equations are shown as derivatives of J", () => {
    const text = render(arrangeModel(derivation, "en", { code, sections: ["code"] }), "text");
    expect(text).toContain("∂J/∂h^5_j = h^5_j − y_j");
  });

  test("there is none on functions where the equations call none", () => {
    expect(sectionsOf(documentOf("attention", "en"))).not.toContain("functions");
  });
});

describe("what a document about a model says", () => {
  const textOf = (name: ModelName, language: Language): string =>
    render(documentOf(name, language), "text", { width: 4000 });

  test.each([
    ["layer norm", "en", "μ is used in 2 equations, those of v, o, so 2 terms are added."],
    ["layer norm", "zh", "μ 用在 2 个公式中（v, o 的公式），所以有 2 项相加。"],
    ["layer norm", "en", "∂J/∂β_i = ∂J/∂o_i, 1 ≤ i ≤ n"],
    ["layer norm", "en", "∂J/∂μ"],
    ["attention", "en", "q_{td} = Σ_{e=1..m} Q_{de} · x_{te}"],
    ["attention", "zh", "只有 q 的公式用到 Q，所以只有一项。"],
    ["two-layers", "en", "∇_{W^2} J = (∇_{z^2} J) · (x)^⊤"],
    ["two-layers", "en", "Derivatives of model.eq"],
    ["two-layers", "zh", "model.eq 的导数"],
    ["three indices, own functions, long names and numbers", "en", "∂J/∂T^3_{ijk} = ∂J/∂h^{10}_i · x_j"],
    [
      "three indices, own functions, long names and numbers",
      "en",
      "No equation uses unused, so J does not depend on it",
    ],
    ["three indices, own functions, long names and numbers", "en", "γ^{10}"],
  ] as const)("%s in %s: %s", (name, language, expected) => {
    expect(textOf(name, language)).toContain(expected);
  });

  test("no index has the letter of a size", () => {
    for (const name of modelNames) {
      const sums = textOf(name, "en").match(/Σ_\{(\w+)=1\.\.(\w+)\}/g) ?? [];
      const letters = new Set(sums.map((sum) => /\{(\w+)=/.exec(sum)?.[1]));
      for (const size of modelDerivation(name).sizes.keys()) expect([...letters], name).not.toContain(size);
    }
  });
});
