import type { RuleId } from "../calculus/index.ts";

export const languages = ["en", "zh"] as const;
export type Language = (typeof languages)[number];
/** A text in every language; leaving one out does not compile. */
export type Words = Readonly<Record<Language, string>>;

export interface Reason {
  /** A few words, set beside the line. */
  readonly name: Words;
  /** One sentence; `{slot}` stands for a formula of the step. */
  readonly reason: Words;
}

/** Why each rule is allowed, said for the reader of a derivation. */
export const reasons = {
  "adjoint-definition": {
    name: { en: "definition of δ", zh: "δ 的定义" },
    reason: {
      en: "By definition {adjoint} stands for {derivative}: how fast the loss changes with this pre-activation.",
      zh: "按定义，{adjoint} 就是 {derivative}，即损失随这个加权和变化的快慢。",
    },
  },
  "chain-rule": {
    name: { en: "chain rule", zh: "链式法则" },
    reason: {
      en: "The loss depends on {target} only through the entries {through}, so the contributions along all of them add up.",
      zh: "损失只能经由各个 {through} 依赖于 {target}，因此要把沿每一条路径的贡献加起来。",
    },
  },
  "adjoint-name": {
    name: { en: "definition of δ", zh: "δ 的定义" },
    reason: {
      en: "The factor {derivative} is {adjoint} by definition; the backward pass has computed it before it comes to this layer.",
      zh: "因子 {derivative} 按定义就是 {adjoint}，反向传播走到这里时它已经算好了。",
    },
  },
  "forward-equation": {
    name: { en: "forward equation", zh: "代入前向公式" },
    reason: {
      en: "Put in the forward equation of {variable}; a summation index in it gets a letter that is not in use yet.",
      zh: "代入 {variable} 的前向公式，其中若有求和下标，换用一个还没有用过的字母。",
    },
  },
  "objective-equation": {
    name: { en: "definition of the loss", zh: "代入损失函数" },
    reason: {
      en: "Put in the definition of the loss {variable}.",
      zh: "代入损失函数 {variable} 的定义。",
    },
  },
  linearity: {
    name: { en: "linearity", zh: "求导的线性性" },
    reason: {
      en: "The derivative of a sum is the sum of the derivatives, and a constant factor stays in front.",
      zh: "和的导数等于导数的和，常数因子可以提到求导之外。",
    },
  },
  constant: {
    name: { en: "constant terms", zh: "常数的导数为零" },
    reason: {
      en: "{constant} does not depend on {variable}, so its derivative is zero.",
      zh: "{constant} 与 {variable} 无关，导数为零。",
    },
  },
  "scalar-derivative": {
    name: { en: "ordinary derivative", zh: "逐项求导" },
    reason: {
      en: "Differentiate {function} as an ordinary function of numbers; the chain rule leaves the derivative of the entry inside as a factor.",
      zh: "把 {function} 当作普通的标量函数求导，链式法则留下内层变量的导数作为因子。",
    },
  },
  "independent-entries": {
    name: { en: "independent entries", zh: "各分量互相独立" },
    reason: {
      en: "The entries of one variable are independent of each other: {derivative} is 1 where the indices agree and 0 elsewhere, which a bracket denotes.",
      zh: "同一变量的各个分量互相独立：下标相同时 {derivative} 等于 1，否则等于 0，用方括号表示。",
    },
  },
  collapse: {
    name: { en: "one term is left", zh: "和式只剩一项" },
    reason: {
      en: "Only the term with {index} = {value} is non-zero, so the sum is that term.",
      zh: "只有 {index} = {value} 的那一项不为零，整个和就等于这一项。",
    },
  },
  hoist: {
    name: { en: "common factor", zh: "提出公因子" },
    reason: {
      en: "{factor} does not depend on the summation index {index} and moves out of the sum.",
      zh: "{factor} 与求和下标 {index} 无关，可以提到和式之外。",
    },
  },
  fold: {
    name: { en: "arithmetic", zh: "化简" },
    reason: {
      en: "Zero terms vanish and constant factors combine.",
      zh: "去掉为零的项，合并常数因子。",
    },
  },
  "function-derivative": {
    name: { en: "derivative of the activation", zh: "代入激活函数的导数" },
    reason: {
      en: "Put in the derivative of the activation function, {derivative}, worked out in terms of {variable}.",
      zh: "代入激活函数的导数 {derivative}，用 {variable} 表示。",
    },
  },
  "objective-derivative": {
    name: { en: "derivative of the loss", zh: "代入损失的导数" },
    reason: {
      en: "Put in {derivative}, derived above from the definition of the loss.",
      zh: "代入前面由损失函数的定义得到的 {derivative}。",
    },
  },
  "derivative-definition": {
    name: { en: "definition", zh: "按定义" },
    reason: {
      en: "{derivative} is the derivative of {function}; put in its formula.",
      zh: "{derivative} 就是 {function} 的导数，代入它的表达式。",
    },
  },
  "variable-itself": {
    name: { en: "the variable itself", zh: "对自身求导" },
    reason: {
      en: "The derivative {derivative} of a variable by itself is 1.",
      zh: "变量对自身的导数 {derivative} 等于 1。",
    },
  },
  "product-rule": {
    name: { en: "product rule", zh: "乘积法则" },
    reason: {
      en: "Differentiate the product {function} one factor at a time and add.",
      zh: "对乘积 {function} 求导：逐个因子求导，其余因子不变，再相加。",
    },
  },
  "quotient-rule": {
    name: { en: "quotient rule", zh: "商的求导法则" },
    reason: {
      en: "Differentiate the quotient {function}; the derivative of what is inside is left as a factor.",
      zh: "对商 {function} 求导，内层的导数留作因子。",
    },
  },
  "power-rule": {
    name: { en: "power rule", zh: "幂函数求导" },
    reason: {
      en: "Differentiate the power {function}; the derivative of its base is left as a factor.",
      zh: "对幂 {function} 求导，底数的导数留作因子。",
    },
  },
  "outer-function": {
    name: { en: "chain rule", zh: "链式法则" },
    reason: {
      en: "Differentiate {function} by the chain rule: the outer function first, times the derivative of its argument.",
      zh: "用链式法则对 {function} 求导：先对外层函数求导，再乘以内层的导数。",
    },
  },
  "same-function": {
    name: { en: "the same function", zh: "恒等变形" },
    reason: {
      en: "The same function, built from {formula} alone; multiply out the right-hand side to come back.",
      zh: "同一个函数，改写成只含 {formula} 的形式；把右边展开整理即可验证。",
    },
  },
  "function-value": {
    name: { en: "definition of the activation", zh: "激活函数的定义" },
    reason: {
      en: "{formula} is {value} by definition: the derivative costs nothing once the activation is known.",
      zh: "按定义 {formula} 就是 {value}：算出激活值之后，求导几乎不用再花计算。",
    },
  },
} as const satisfies Readonly<Record<RuleId, Reason>>;

/** What each of the four equations says. */
export const titles = {
  BP1: {
    title: { en: "The error of the output layer", zh: "公式一：输出层的误差" },
    meaning: {
      en: "How the loss changes with the pre-activations of the last layer.",
      zh: "计算的是输出层每个神经元的误差，即损失对最后一层加权和的梯度。",
    },
  },
  BP2: {
    title: { en: "The error of a hidden layer, from the next layer's", zh: "公式二：由后一层的误差得到前一层的误差" },
    meaning: {
      en: "The errors of a layer follow from those of the layer after it: this is the step that runs backwards.",
      zh: "由后一层的误差算出前一层的误差：反向传播的「反向」就在这一步。",
    },
  },
  BP3: {
    title: { en: "The gradient of the biases", zh: "公式三：偏置项的梯度" },
    meaning: {
      en: "Gives the gradient of every bias of the network.",
      zh: "用来计算模型中任意一个偏置项的梯度。",
    },
  },
  BP4: {
    title: { en: "The gradient of the weights", zh: "公式四：权重的梯度" },
    meaning: {
      en: "Gives the gradient of every weight of the network: what came in along the connection, times the error at its end.",
      zh: "用来计算模型中任意一个权重的梯度：连接起点的激活值乘以连接终点的误差。",
    },
  },
} as const satisfies Readonly<Record<string, { title: Words; meaning: Words }>>;

export type EquationId = keyof typeof titles;
