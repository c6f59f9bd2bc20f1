import { problem } from "../problem.ts";
import type { Node, ParameterDeclaration, PropertyDeclaration, SourceFile, Symbol as TsSymbol, Type } from "ts-morph";

/**
 * What a value is, as far as it matters for handing numbers over: `stack` is a list of matrices, `objects` one of
 * anything else.
 */
export type Form = "number" | "list" | "matrix" | "stack" | "typed" | "objects" | "unknown" | "other";

export interface Parameter {
  readonly name: string;
  readonly form: Form;
  /** What an object's entries are called. */
  readonly entries: readonly string[];
  readonly isOptional: boolean;
  /** Are its entries taken apart, as in `xs[i].length` or `xs[i][j]`? */
  readonly isNested: boolean;
}

export interface Method {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** Does it return anything? */
  readonly returns: boolean;
}

export interface Field {
  readonly name: string;
  readonly form: Form;
  /** The field that it is a field of, where one object holds all parameters. */
  readonly owner: string | null;
  /** Of an object, such as a Matrix: its field that may hold the numbers. */
  readonly inner: string | null;
  readonly isPrivate: boolean;
  readonly isReadonly: boolean;
  readonly isGetter: boolean;
}

/** Something that a file exports and that may hold or compute a gradient. */
export interface Export {
  /** As it is imported; `default` for the default export. */
  readonly name: string;
  /** What the file itself calls it, or another name for what has none. */
  readonly local: string;
  /** `factory` is a function that returns an object with methods; `instance` such an object. */
  readonly kind: "class" | "factory" | "function" | "instance";
  readonly parameters: readonly Parameter[];
  readonly methods: readonly Method[];
  readonly fields: readonly Field[];
}

/** What a TypeScript or JavaScript file exports, by the types that TypeScript finds or infers. */
export async function readSurface(file: string): Promise<readonly Export[]> {
  const { Project, ts } = await import("ts-morph");
  const project = new Project({
    compilerOptions: {
      allowJs: true,
      strict: true,
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      allowImportingTsExtensions: true,
      noEmit: true,
    },
  });
  const source = project.addSourceFileAtPath(file);
  const [broken] = project.getProgram().getSyntacticDiagnostics(source);
  if (broken !== undefined)
    throw problem(
      "syntax",
      `${file}:${broken.getLineNumber()}: ${ts.flattenDiagnosticMessageText(broken.compilerObject.messageText, " ")}`,
      "mend the syntax first",
    );
  // Where types are asked for: any node of the file will do.
  const place = source.getChildAtIndex(0);
  return exportsOf(source, place).flatMap(([name, symbol]) => {
    const found = describeExport(name, symbol, place);
    return found === null ? [] : [found];
  });
}

function exportsOf(source: SourceFile, place: Node): readonly (readonly [string, TsSymbol])[] {
  // Asked for any type, TypeScript binds the file; before, CommonJS exports nothing.
  place.getType();
  const exported = source.getSymbol()?.getExport("export=");
  const replaced = exported?.getAliasedSymbol() ?? exported;
  const type = replaced?.getTypeAtLocation(place);
  if (replaced !== undefined && type !== undefined) {
    const isCallable = type.getCallSignatures().length + type.getConstructSignatures().length > 0;
    // `module.exports = { … }` exports each entry by its name.
    return isCallable ? [["default", replaced]] : type.getProperties().map((entry) => [entry.getName(), entry]);
  }
  return source.getExportSymbols().map((symbol) => [symbol.getName(), symbol.getAliasedSymbol() ?? symbol]);
}

function describeExport(name: string, symbol: TsSymbol, place: Node): Export | null {
  const type = symbol.getTypeAtLocation(place);
  const local = [symbol.getName(), type.getSymbol()?.getName() ?? ""].find(isName) ?? "subject";
  const [construct] = type.getConstructSignatures();
  if (construct !== undefined)
    return {
      name,
      local,
      kind: "class",
      parameters: construct.getParameters().map((parameter) => describeParameter(parameter, place)),
      ...describeMembers(construct.getReturnType(), place),
    };
  const [call] = type.getCallSignatures();
  if (call !== undefined) {
    const returned = awaited(call.getReturnType());
    const members = describeMembers(returned, place);
    const isFactory = members.methods.length > 0 && formOf(returned) === "other";
    return {
      name,
      local,
      kind: isFactory ? "factory" : "function",
      parameters: call.getParameters().map((parameter) => describeParameter(parameter, place)),
      methods: isFactory ? members.methods : [],
      fields: isFactory ? members.fields : [],
    };
  }
  if (formOf(type) !== "other") return null;
  const members = describeMembers(type, place);
  return members.methods.length === 0 ? null : { name, local, kind: "instance", parameters: [], ...members };
}

const isName = (name: string): boolean => /^[A-Za-z$][\w$]*$/.test(name) && !/^(default|exports?)$/.test(name);

const awaited = (type: Type): Type =>
  type.getSymbol()?.getName() === "Promise" ? (type.getTypeArguments()[0] ?? type) : type;

function describeMembers(type: Type, place: Node): Pick<Export, "methods" | "fields"> {
  const methods: Method[] = [];
  const fields: Field[] = [];
  for (const member of type.getProperties()) {
    const name = member.getName();
    // A private name, which nothing reaches.
    if (name.startsWith("#")) continue;
    const memberType = member.getTypeAtLocation(place);
    const [call] = memberType.getCallSignatures();
    const isPrivate = hasModifier(member, "private") || hasModifier(member, "protected");
    if (call === undefined) {
      const form = formOf(memberType);
      const inner = form === "other" ? innerOf(memberType, place) : null;
      const isReadonly = hasModifier(member, "readonly");
      if (form === "other" && inner === null && holdsAll.test(name)) {
        const { fields: held } = describeMembers(memberType, place);
        fields.push(...held.map((field) => ({ ...field, owner: name })));
      } else fields.push({ name, owner: null, form, inner, isPrivate, isReadonly, isGetter: isGetter(member) });
    } else if (!isPrivate) {
      const parameters = call.getParameters().map((parameter) => describeParameter(parameter, place));
      methods.push({ name, parameters, returns: !awaited(call.getReturnType()).isVoid() });
    }
  }
  return { methods, fields };
}

const holdsAll = /^_?(weights|params|parameters|state|theta|grads?|gradients?)$/i;

const innerOf = (type: Type, place: Node): string | null =>
  type
    .getProperties()
    .filter((member) => /^_?(data|values?|elements?|entries|array|rows|matrix)$/i.test(member.getName()))
    .find((member) => ["list", "matrix", "typed", "unknown"].includes(formOf(member.getTypeAtLocation(place))))
    ?.getName() ?? null;

const hasModifier = (symbol: TsSymbol, modifier: "private" | "protected" | "readonly"): boolean =>
  symbol
    .getDeclarations()
    .some(
      (node) => (node as Node & Partial<Pick<PropertyDeclaration, "hasModifier">>).hasModifier?.(modifier) === true,
    );

const isGetter = (symbol: TsSymbol): boolean =>
  symbol.getDeclarations().some((node) => node.getKindName() === "GetAccessor");

function describeParameter(symbol: TsSymbol, place: Node): Parameter {
  const declaration = symbol.getValueDeclaration() as Partial<ParameterDeclaration> | undefined;
  const type = symbol.getTypeAtLocation(place);
  const form = formOf(type);
  return {
    name: symbol.getName(),
    form,
    entries: form === "other" ? type.getProperties().map((entry) => entry.getName()) : [],
    isOptional: declaration?.isOptional?.() ?? false,
    isNested: isTakenApart(symbol.getName(), declaration?.getParent?.().getText() ?? ""),
  };
}

const isTakenApart = (name: string, body: string): boolean =>
  /^\w+$/.test(name) && new RegExp(`\\b${name}\\[[^\\]]+\\]!?(\\[|\\.(length|map|forEach|reduce)\\b)`).test(body);

function formOf(given: Type): Form {
  const type = given.getNonNullableType();
  if (type.isAny() || type.isUnknown() || type.isNever()) return "unknown";
  if (type.isNumber() || type.isNumberLiteral()) return "number";
  if (/^Float(32|64)Array$/.test(type.getSymbol()?.getName() ?? "")) return "typed";
  const element = type.isArray() || type.isReadonlyArray() ? type.getArrayElementType() : undefined;
  if (element === undefined) return "other";
  const nested: Partial<Record<Form, Form>> = { number: "list", list: "matrix", matrix: "stack", unknown: "unknown" };
  return nested[formOf(element)] ?? "objects";
}
