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
      en: "{adjoint} stands for {derivative}: how fast the loss changes with this pre-activation.",
      zh: "{adjoint} 表示 {derivative}，即损失随这个加权和变化的快慢。",
    },
  },
  "chain-rule": {
    name: { en: "chain rule", zh: "链式法则" },
    reason: {
      en: "{target} affects the loss only through the entries {through}, so the contributions of all of them are added.",
      zh: "{target} 只能通过各个 {through} 影响损失，因此要把每一条路径上的贡献加起来。",
    },
  },
  "chain-rule-several": {
    name: { en: "chain rule", zh: "链式法则" },
    reason: {
      en: "{target} affects the loss through the entries {through} and, apart from them, through {also}, so the contributions of all of them are added.",
      zh: "{target} 除了通过各个 {through} 影响损失，还通过 {also} 影响损失，因此要把每一条路径上的贡献加起来。",
    },
  },
  "adjoint-name": {
    name: { en: "definition of δ", zh: "δ 的定义" },
    reason: {
      en: "The factor {derivative} is {adjoint}, which the backward pass has already computed.",
      zh: "因子 {derivative} 就是 {adjoint}，反向传播到这一步时它已经算好了。",
    },
  },
  "forward-equation": {
    name: { en: "forward equation", zh: "前向传播公式" },
    reason: {
      en: "Replace {variable} by its forward equation; any summation index in it gets an unused letter.",
      zh: "代入 {variable} 的公式，其中若有求和下标，换成还没有用过的字母。",
    },
  },
  "objective-equation": {
    name: { en: "definition of the loss", zh: "损失函数的定义" },
    reason: {
      en: "Replace {variable} by its definition; the summation index gets an unused letter.",
      zh: "代入 {variable} 的定义，求和下标换成还没有用过的字母。",
    },
  },
  linearity: {
    name: { en: "linearity", zh: "求导的线性性质" },
    reason: {
      en: "The derivative of a sum is the sum of the derivatives, and a constant factor can be taken out.",
      zh: "和的导数等于导数的和，常数因子可以提到求导符号之外。",
    },
  },
  constant: {
    name: { en: "constant", zh: "常数的导数" },
    reason: {
      en: "{constant} does not depend on {variable}, so its derivative is zero.",
      zh: "{constant} 与 {variable} 无关，导数为零。",
    },
  },
  "scalar-derivative": {
    name: { en: "ordinary derivative", zh: "标量求导" },
    reason: {
      en: "Differentiate {function} as an ordinary function of numbers; by the chain rule, the derivative of the entry inside remains as a factor.",
      zh: "把 {function} 当作普通的标量函数求导，按链式法则，其中变量的导数留作因子。",
    },
  },
  "independent-entries": {
    name: { en: "independent entries", zh: "各分量互相独立" },
    reason: {
      en: "Different entries of a variable do not depend on each other: {derivative} is 1 if the indices agree and 0 otherwise, which is what the bracket means.",
      zh: "同一变量的不同分量互不影响：下标相同时 {derivative} 等于 1，否则等于 0，这就是方括号的含义。",
    },
  },
  collapse: {
    name: { en: "one term is left", zh: "和式只剩一项" },
    reason: {
      en: "Only the term with {index} = {value} can be non-zero, so the sum is that term.",
      zh: "只有 {index} = {value} 的那一项可能不为零，和式就等于这一项。",
    },
  },
  hoist: {
    name: { en: "common factor", zh: "提出公因子" },
    reason: {
      en: "{factor} does not depend on the summation index {index}, so it can be taken out of the sum.",
      zh: "{factor} 与求和下标 {index} 无关，可以提到和式之外。",
    },
  },
  fold: {
    name: { en: "simplification", zh: "化简" },
    reason: {
      en: "Drop zero terms and factors of one; combine constants and like factors.",
      zh: "去掉为零的项和等于 1 的因子，合并常数和相同的因子。",
    },
  },
  "function-derivative": {
    name: { en: "derivative of the activation", zh: "激活函数的导数" },
    reason: {
      en: "Replace {derivative} by the formula found for it, in terms of {variable}.",
      zh: "代入已经求出的 {derivative}，用 {variable} 表示。",
    },
  },
  "objective-derivative": {
    name: { en: "derivative of the loss", zh: "损失的导数" },
    reason: {
      en: "Replace {derivative} by the formula derived from the loss.",
      zh: "代入已经由损失函数求出的 {derivative}。",
    },
  },
  "derivative-definition": {
    name: { en: "definition of the function", zh: "函数的定义" },
    reason: {
      en: "{derivative} is the derivative of {function}; write the function out.",
      zh: "{derivative} 就是 {function} 的导数，写出函数的表达式。",
    },
  },
  "variable-itself": {
    name: { en: "the variable itself", zh: "对自身求导" },
    reason: {
      en: "The derivative of a variable with respect to itself, {derivative}, is 1.",
      zh: "变量对自身的导数 {derivative} 等于 1。",
    },
  },
  "product-rule": {
    name: { en: "product rule", zh: "积的求导法则" },
    reason: {
      en: "Differentiate {function} one factor at a time, keep the other factors, and add.",
      zh: "对乘积 {function} 逐个因子求导，其余因子不变，再相加。",
    },
  },
  "quotient-rule": {
    name: { en: "quotient rule", zh: "商的求导法则" },
    reason: {
      en: "Differentiate the quotient {function}; the derivatives that remain are worked out below.",
      zh: "对商 {function} 求导，余下的导数接着再算。",
    },
  },
  "power-rule": {
    name: { en: "power rule", zh: "幂的求导法则" },
    reason: {
      en: "Differentiate the power {function}; the derivative of the base remains as a factor.",
      zh: "对幂 {function} 求导，底数的导数留作因子。",
    },
  },
  "outer-function": {
    name: { en: "chain rule", zh: "链式法则" },
    reason: {
      en: "The derivative of {function} is that of the outer function times that of its argument.",
      zh: "对 {function} 由外到内求导：外层函数的导数乘以内层的导数。",
    },
  },
  "same-function": {
    name: { en: "rewriting", zh: "恒等变形" },
    reason: {
      en: "The same function, rewritten in terms of {formula} alone; simplify the right-hand side to verify.",
      zh: "同一个函数，改写成只含 {formula} 的形式，化简右边即可验证。",
    },
  },
  "function-value": {
    name: { en: "definition of the activation", zh: "激活函数的定义" },
    reason: {
      en: "{formula} is {value}, so the derivative follows directly from the activation.",
      zh: "{formula} 就是 {value}，所以有了激活值就能直接算出导数。",
    },
  },
  piecewise: {
    name: { en: "branch by branch", zh: "分段求导" },
    reason: {
      en: "Each branch of {function} is differentiated by itself; on the boundary {left} = {right} the branch that the condition picks is taken.",
      zh: "对 {function} 的每一段分别求导；在分界处 {left} = {right}，取条件选中的那一段。",
    },
  },
  distribute: {
    name: { en: "two sums", zh: "拆成两个和" },
    reason: {
      en: "Multiply out {factor} and sum over {index} term by term, so that the bracket can pick its term.",
      zh: "把 {factor} 乘开，对 {index} 逐项求和，方括号就能选出其中一项。",
    },
  },
  "common-factor": {
    name: { en: "common factor", zh: "提出公因子" },
    reason: {
      en: "Take out the factor that all terms have in common.",
      zh: "提出各项的公因子。",
    },
  },
  cancel: {
    name: { en: "cancellation", zh: "约分" },
    reason: {
      en: "Multiply out what a factor beside it cancels, and collect like terms.",
      zh: "乘开并约去公因子，再合并同类项。",
    },
  },
  jacobian: {
    name: { en: "derivative of the activation", zh: "激活函数的导数" },
    reason: {
      en: "Replace {derivative} by the formula derived for it: here every activation of the layer depends on every pre-activation.",
      zh: "代入已经求出的 {derivative}：这里同一层的每个激活值都与每个加权和有关。",
    },
  },
  "entry-value": {
    name: { en: "definition of the activation", zh: "激活函数的定义" },
    reason: {
      en: "{formula} is {value}.",
      zh: "{formula} 就是 {value}。",
    },
  },
  "added-term": {
    name: { en: "definition of the loss", zh: "损失函数的定义" },
    reason: {
      en: "Replace {variable} by its definition, of which this is one term.",
      zh: "代入 {variable} 的定义，这里求导的是其中一项。",
    },
  },
  "layer-term": {
    name: { en: "one layer is left", zh: "只剩一层" },
    reason: {
      en: "The terms of the other layers do not contain {variable}, so their derivatives are zero.",
      zh: "其他各层的项不含 {variable}，导数为零。",
    },
  },
  "adjoint-sum": {
    name: { en: "sum over all uses", zh: "对所有用到它的式子求和" },
    reason: {
      en: "{adjoint} adds up one term for each equation that uses {variable}: the adjoint of what the equation defines times its own derivative, in which every other variable is held fixed.",
      zh: "凡是用到 {variable} 的式子，各给 {adjoint} 贡献一项：该式所定义的量的伴随，乘以该式本身的导数，求导时其他变量保持不变。",
    },
  },
  "adjoint-value": {
    name: { en: "adjoint already found", zh: "已求出的伴随" },
    reason: {
      en: "Replace {derivative} by the formula already derived for it.",
      zh: "代入已经求出的 {derivative}。",
    },
  },
  "targets-sum": {
    name: { en: "assumption on the targets", zh: "对目标的假设" },
    reason: {
      en: "The targets are assumed to add up to one, {sum} = 1, as one-hot targets and probabilities do. Without this assumption the line before is the result.",
      zh: "假设目标之和等于 1，即 {sum} = 1，独热编码和概率分布都满足。没有这个假设时，以上一行为准。",
    },
  },
} as const satisfies Readonly<Record<RuleId, Reason>>;

/** What each of the four equations says. */
export const titles = {
  BP1: {
    title: { en: "The error of the output layer", zh: "公式一：输出层的误差" },
    meaning: {
      en: "Gives the error of every neuron of the output layer, where the backward pass starts.",
      zh: "用来计算输出层每个神经元的误差，反向传播从这里开始。",
    },
  },
  BP2: {
    title: {
      en: "The error of a hidden layer from that of the next layer",
      zh: "公式二：由后一层的误差得到前一层的误差",
    },
    meaning: {
      en: "Carries the errors of a layer back to the layer before it, along the weights: this is the step that runs backwards.",
      zh: "把后一层的误差按权重传给前一层，反向传播的「反向」就在这一步。",
    },
  },
  BP3: {
    title: { en: "The gradient of the biases", zh: "公式三：偏置项的梯度" },
    meaning: {
      en: "Gives the gradient of every bias of the network, which is the error of its neuron.",
      zh: "用来计算模型中任意一个偏置项的梯度，它就等于所在神经元的误差。",
    },
  },
  BP4: {
    title: { en: "The gradient of the weights", zh: "公式四：权重的梯度" },
    meaning: {
      en: "Gives the gradient of every weight of the network: the activation at the start of the connection times the error at its end.",
      zh: "用来计算模型中任意一个权重的梯度：连接起点的激活值乘以连接终点的误差。",
    },
  },
} as const satisfies Readonly<Record<string, { title: Words; meaning: Words }>>;

export type EquationId = keyof typeof titles;
