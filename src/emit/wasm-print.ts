import {
  lane,
  upTo,
  vectorsIn,
  type Position,
  type Simple,
  type Value,
  type VectorProcedure,
  type VectorProgram,
  type VectorStatement,
} from "../program/index.ts";
import { expConstantAt, expFunction, expLines, expLocals, expNames, expTable, logisticFunction } from "./wasm-exp.ts";
import { memoryLayout, type MemoryLayout } from "./wasm-memory.ts";
import { numberTypes, type NumberType, type Precision } from "./wasm-numbers.ts";
import { keyOf, pointersIn, stepsOf, type Steps } from "./wasm-pointers.ts";
import {
  address,
  getLocal,
  identifier,
  inLanes,
  ownVectorFunctions,
  packed,
  scalar,
  type ValueContext,
} from "./wasm-values.ts";

/** The text of a WebAssembly module, and what it takes from JavaScript. */
export interface WatModule {
  readonly text: string;
  /** Functions that it imports from `env`, by their names in the program. */
  readonly imports: readonly string[];
  /** Does it compute exponentials itself? */
  readonly hasOwnExp: boolean;
  readonly memory: MemoryLayout;
}

/**
 * A program of vectors in WebAssembly's text format: its procedures, of which `forward`, `backward` and `accumulate`
 * are exported, and the memory that its arrays lie in.
 */
export function printWat(program: VectorProgram, precision: Precision): WatModule {
  const number = numberTypes[precision];
  const memory = memoryLayout(program, number);
  const called = new Set<string>();
  const functions = program.procedures.map((procedure) => new FunctionPrinter(number, memory, called).print(procedure));
  const imports = [...called].filter((name) => name !== writtenOut && !ownVectorFunctions.has(name)).sort();
  const own = [
    ...(called.has("exp") || called.has("logistic") ? [expFunction(number, memory.table)] : []),
    ...(called.has("logistic") ? [logisticFunction(number)] : []),
  ];
  const hasOwnExp = own.length > 0 || called.has(writtenOut);
  const parts = [
    ...imports.map((name) => `(import "env" "${name}" (func $${name} (param f64) (result f64)))`),
    `(memory (export "memory") ${memory.pages})`,
    ...(hasOwnExp ? [tableData(number, memory)] : []),
    ...own,
    ...imports.map((name) => lanesFunction(name, number)),
    ...functions,
  ];
  return { text: `(module\n${indented(parts.join("\n\n"))})\n`, imports, hasOwnExp, memory };
}

const exported: ReadonlySet<string> = new Set(["forward", "backward", "accumulate"]);

/** Stands among the functions that are called for exp where it is written out. */
const writtenOut = "exp written out";

const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, "  ");

/** The constants of exp, each in all lanes. */
function tableData({ type, array, bytes, lanes }: NumberType, { table }: MemoryLayout): string {
  const values = expTable(type).flatMap((value) => upTo(lanes).map(() => value));
  const numbers = array === "Float64Array" ? Float64Array.from(values) : Float32Array.from(values);
  const hex = Array.from(new Uint8Array(numbers.buffer), (byte) => `\\${byte.toString(16).padStart(2, "0")}`);
  const rows = upTo(hex.length / (bytes * lanes)).map(
    (row) => `  "${hex.slice(row * bytes * lanes, (row + 1) * bytes * lanes).join("")}"`,
  );
  return `;; constants of exp\n(data (i32.const ${table})\n${rows.join("\n")})`;
}

/** An imported function in each lane. */
function lanesFunction(name: string, { vector, type, lanes }: NumberType): string {
  const called = (part: string): string =>
    type === "f64" ? `(call $${name} ${part})` : `(f32.demote_f64 (call $${name} (f64.promote_f32 ${part})))`;
  const parts = upTo(lanes).map((at) => called(`(${vector}.extract_lane ${at} (local.get $x))`));
  return `(func $${name}_lanes (param $x v128) (result v128)\n  ${packed(parts, vector)})`;
}

class FunctionPrinter {
  private readonly number: NumberType;
  private readonly memory: MemoryLayout;
  private readonly locals = new Map<string, string>();
  /** The loops around the statement that is being printed, outermost first. */
  private readonly around: string[] = [];
  private vectors: ReadonlySet<string> = new Set();
  private loops = 0;
  private writesExp = false;
  private readonly context: ValueContext;

  constructor(number: NumberType, memory: MemoryLayout, called: Set<string>) {
    this.number = number;
    this.memory = memory;
    this.context = {
      number,
      vectors: this.vectors,
      baseOf: (array) => this.baseOf(array),
      pointer: (position) => this.pointerTo(this.stepsOf(position)),
      call: (name) => called.add(name),
    };
  }

  print({ name, statements, result }: VectorProcedure): string {
    this.vectors = vectorsIn(statements);
    const context = { ...this.context, vectors: this.vectors };
    const lines = statements.flatMap((s) => this.statement(s, context));
    const isPublic = exported.has(name);
    const head = `(func $${name}${isPublic ? ` (export "${name}")` : ""}${result === null ? "" : ` (result ${this.number.type})`}`;
    const constants = this.writesExp
      ? expNames(this.number.type).map((local, nth) => this.set(local, expConstantAt(this.memory.table, nth), "v128"))
      : [];
    const body = [...constants, ...lines, ...(result === null ? [] : [scalar(result, context)])].map((line) =>
      indented(line),
    );
    const locals = [...this.locals].map(([local, type]) => `  (local ${identifier(local)} ${type})`);
    return `${[head, ...locals, ...body].join("\n")})`;
  }

  private statement(statement: VectorStatement, context: ValueContext): readonly string[] {
    switch (statement.kind) {
      case "comment":
        return [`;; ${statement.text}`];
      case "run":
        return [`(call $${statement.procedure})`];
      case "loop":
        return this.loop(statement, context);
      case "lanes":
        return this.inLanes(statement.statement, statement.count, context);
      case "pack":
        return [
          this.set(
            statement.name,
            packed(
              statement.values.map((value) => scalar(value, context)),
              this.number.vector,
            ),
          ),
        ];
      case "collect":
        return [this.set(statement.name, this.collected(statement.of))];
      case "total":
        return [this.set(statement.name, this.total(statement.of))];
      default:
        return [this.simple(statement, context)];
    }
  }

  private simple(statement: Simple, context: ValueContext): string {
    const { type } = this.number;
    switch (statement.kind) {
      case "define":
        return this.set(statement.name, scalar(statement.value, context));
      case "accumulator":
        return this.set(statement.name, scalar(statement.start, context));
      case "add":
        return this.set(
          statement.name,
          `(${type}.add ${getLocal(statement.name)} ${scalar(statement.value, context)})`,
        );
      case "raise": {
        const [value, held] = [scalar(statement.value, context), getLocal(statement.name)];
        return this.set(statement.name, `(select ${value} ${held} (${type}.gt ${value} ${held}))`);
      }
      case "store":
        return `(${type}.store ${address(statement.array, statement.at, context)} ${scalar(statement.value, context)})`;
    }
  }

  private inLanes(statement: Simple, count: number, context: ValueContext): readonly string[] {
    const { vector } = this.number;
    switch (statement.kind) {
      case "define":
        return statement.value.kind === "call" && statement.value.name === "exp"
          ? this.exponential(statement.name, statement.value.args[0] as Value, count, context)
          : [this.set(statement.name, inLanes(statement.value, count, context))];
      case "accumulator":
        return [this.set(statement.name, inLanes(statement.start, count, context))];
      case "add":
        return [
          this.set(
            statement.name,
            `(${vector}.add ${getLocal(statement.name)} ${inLanes(statement.value, count, context)})`,
          ),
        ];
      case "raise": {
        const [value, held] = [inLanes(statement.value, count, context), getLocal(statement.name)];
        return [this.set(statement.name, `(v128.bitselect ${value} ${held} (${vector}.gt ${value} ${held}))`)];
      }
      case "store":
        return this.storeLanes(statement, count, context);
    }
  }

  /** Written out, several stand side by side and do not wait for each other; the constants are locals. */
  private exponential(name: string, of: Value, count: number, context: ValueContext): readonly string[] {
    const names = expNames(this.number.type);
    this.writesExp = true;
    context.call(writtenOut);
    for (const local of expLocals) this.locals.set(local, "v128");
    const { lines, result } = expLines(this.number, inLanes(of, count, context), (nth) =>
      getLocal(names[nth] as string),
    );
    return [...lines, this.set(name, result)];
  }

  private storeLanes(
    { array, at, value }: Extract<Simple, { kind: "store" }>,
    count: number,
    context: ValueContext,
  ): readonly string[] {
    const { bytes, lanes } = this.number;
    const vector = inLanes(value, count, context);
    const isSideBySide = at.terms.some(({ index, scale }) => index === lane && scale === 1);
    if (isSideBySide && count === lanes) return [`(v128.store ${address(array, at, context)} ${vector})`];
    const store = (bits: number, part: number, first: number): string =>
      `(v128.store${bits}_lane ${address(array, at, context, first, part)} ${getLocal("stored")})`;
    const whole = isSideBySide && bytes === 4 && count > 1 ? 2 : 0;
    return [
      this.set("stored", vector, "v128"),
      ...(whole === 0 ? [] : [store(64, 0, 0)]),
      ...upTo(count - whole).map((nth) => store(bytes * 8, whole + nth, whole + nth)),
    ];
  }

  private loop(
    { index, start, end, step, body }: Extract<VectorStatement, { kind: "loop" }>,
    context: ValueContext,
  ): readonly string[] {
    const outer = [...this.around];
    this.around.push(index);
    const keys = new Map<string, Steps>([...pointersIn(body, this.around, index, this.number.bytes)]);
    const pure = [...keys.values()].find((steps) => steps.size === 1) ?? new Map([[index, this.number.bytes]]);
    keys.set(keyOf(pure), pure);
    const before = [...keys.values()].map((steps) => {
      const rest = new Map([...steps].filter(([i]) => outer.includes(i)));
      const from = this.pointerTo(rest);
      const first = `(i32.const ${start * (steps.get(index) as number)})`;
      return this.set(
        keyOf(steps),
        from === null ? first : start === 0 ? getLocal(from) : `(i32.add ${getLocal(from)} ${first})`,
        "i32",
      );
    });
    const label = `$loop${(this.loops += 1)}`;
    const lines = body.flatMap((s) => this.statement(s, context));
    const moves = [...keys.values()].map((steps) =>
      this.set(
        keyOf(steps),
        `(i32.add ${getLocal(keyOf(steps))} (i32.const ${step * (steps.get(index) as number)}))`,
        "i32",
      ),
    );
    this.around.pop();
    const limit = end * (pure.get(index) as number);
    return [
      ...before,
      `(loop ${label} ;; ${index} = ${start}, ${start + step}, … below ${end}`,
      ...[...lines, ...moves].map(indented),
      `  (br_if ${label} (i32.lt_u ${getLocal(keyOf(pure))} (i32.const ${limit}))))`,
    ];
  }

  private set(name: string, value: string, type?: string): string {
    this.locals.set(name, type ?? (this.vectors.has(name) ? "v128" : this.number.type));
    return `(local.set ${identifier(name)} ${value})`;
  }

  private baseOf(array: string): number {
    const found = this.memory.arrays.get(array);
    if (found === undefined) throw new Error(`no array ${array}`);
    return found.at;
  }

  private stepsOf(position: Position): Steps {
    return stepsOf(position, this.around, this.number.bytes);
  }

  private pointerTo(steps: Steps): string | null {
    return steps.size === 0 ? null : keyOf(steps);
  }

  /** The sums of the lanes of some vectors. */
  private collected(of: readonly string[]): string {
    const [a = "", b = a, c = b, d = c] = of.map(getLocal);
    const { vector, type } = this.number;
    const add = (left: string, right: string): string => `(${vector}.add ${left} ${right})`;
    if (type === "f64") return add(shuffled(8, [0, 2], a, b), shuffled(8, [1, 3], a, b));
    const halves = (x: string, y: string): string =>
      add(shuffled(4, [0, 4, 1, 5], x, y), shuffled(4, [2, 6, 3, 7], x, y));
    // a₀+a₂, b₀+b₂, a₁+a₃, b₁+b₃
    const [ab, cd] = ["collected1", "collected2"];
    const first = `(local.tee ${identifier(ab)} ${halves(a, b)})`;
    const second = `(local.tee ${identifier(cd)} ${halves(c, d)})`;
    this.locals.set(ab, "v128").set(cd, "v128");
    if (of.length < 3) return add(first, shuffled(4, [2, 3, 2, 3], getLocal(ab), getLocal(ab)));
    return add(shuffled(4, [0, 1, 4, 5], first, second), shuffled(4, [2, 3, 6, 7], getLocal(ab), getLocal(cd)));
  }

  private total(of: string): string {
    const { type, vector } = this.number;
    const v = getLocal(of);
    if (type === "f64") return `(f64.add (f64x2.extract_lane 0 ${v}) (f64x2.extract_lane 1 ${v}))`;
    this.locals.set("halves", "v128");
    const halves = `(local.tee $halves (${vector}.add ${v} ${shuffled(4, [2, 3, 2, 3], v, v)}))`;
    return `(f32.add (f32x4.extract_lane 0 ${halves}) (f32x4.extract_lane 1 (local.get $halves)))`;
  }
}

/** Parts of two vectors, those of the second counted on. */
function shuffled(bytes: number, parts: readonly number[], a: string, b: string): string {
  const list = parts.flatMap((part) => upTo(bytes).map((byte) => part * bytes + byte));
  return `(i8x16.shuffle ${list.join(" ")} ${a} ${b})`;
}
