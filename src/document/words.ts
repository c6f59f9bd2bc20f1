import type { Language, Words } from "../derivation/index.ts";

/** The document's own sentences. `{slot}` stands for a formula or a number; an entry without one language does not compile. */
export const words = {
  title: { en: "Backpropagation for a {sizes} network", zh: "{sizes} 网络的反向传播" },

  conventions: { en: "Sizes and conventions", zh: "网络与约定" },
  introduction: {
    en: "A fully connected network with {count} layers; from input to output they have {sizes} neurons. What follows derives the gradient of its loss from the equations of its forward pass, with a reason for every line. Every equality has been tested in exact arithmetic: both sides were evaluated at random points of a prime field, the derivatives by dual numbers, and no counterexample was found.",
    zh: "这是一个 {count} 层的全连接网络，从输入到输出，各层的神经元个数依次是 {sizes}。下面从前向传播的公式出发，推导损失函数的梯度，每一步都给出理由。每一个等号都用精确算术检验过：在素数域的随机点上对两边分别求值，导数用对偶数计算，没有发现反例。",
  },
  conventionLayers: {
    en: "Layers are numbered from 1, the input, so that the output layer is {last}. Layer {l} has {size} neurons: here {listed}.",
    zh: "层从 1 开始编号，第 1 层是输入层，因此输出层是 {last}。第 {l} 层有 {size} 个神经元，这里 {listed}。",
  },
  conventionWeights: {
    en: "{entry} is the weight of the connection that ends in neuron {j} of layer {l} and starts from neuron {k} of layer {before}: the index of the end comes first. The weights of a layer thus form a matrix {matrix} of shape {shape}, and the forward pass needs no transpose.",
    zh: "{entry} 是从第 {before} 层第 {k} 个神经元到第 {l} 层第 {j} 个神经元的连接的权重，下标先写终点、后写起点。这样一层的权重排成 {shape} 的矩阵 {matrix}，前向传播不需要转置。",
  },
  conventionLetters: {
    en: "The letters {j}, {k}, {p}, {q} number neurons, {l} numbers layers; sizes are always written {size}. Capital letters are matrices, small letters without an index are column vectors, with an index their entries.",
    zh: "字母 {j}、{k}、{p}、{q} 是神经元的编号，{l} 是层的编号，神经元的个数一律写作 {size}。大写字母表示矩阵，小写字母无下标时表示列向量，有下标时表示其中的分量。",
  },
  conventionLoss: {
    en: "{loss} is the loss of a single sample, its constant factor included; with another factor, every gradient below is multiplied by the ratio of the two. For a batch, average the gradients of its samples.",
    zh: "{loss} 是单个样本的损失，已经包含前面的常数因子；换一个因子，下面所有的梯度都乘以两者之比。对一批样本，把各样本的梯度取平均即可。",
  },

  notation: { en: "Notation", zh: "记号" },
  symbol: { en: "Symbol", zh: "记号" },
  meaning: { en: "Meaning", zh: "含义" },
  shape: { en: "Shape", zh: "形状" },
  shapeHere: { en: "Here", zh: "本网络" },
  count: { en: "Count", zh: "个数" },
  codeName: { en: "In the code", zh: "代码中的名字" },
  meaningOfSize: { en: "number of neurons of layer {l}", zh: "第 {l} 层的神经元个数" },
  meaningOfInput: { en: "input; the activation of layer 1", zh: "输入，也就是第 1 层的激活值" },
  meaningOfTarget: { en: "target: what the network should put out", zh: "真实值，即希望网络给出的输出" },
  meaningOfWeight: { en: "weights into layer {l}", zh: "第 {l} 层的权重" },
  meaningOfBias: { en: "biases of layer {l}", zh: "第 {l} 层的偏置项" },
  meaningOfPreActivation: { en: "pre-activations (weighted sums) of layer {l}", zh: "第 {l} 层的加权和" },
  meaningOfActivation: { en: "activations of layer {l}", zh: "第 {l} 层的激活值" },
  meaningOfFunction: { en: "activation function", zh: "激活函数" },
  meaningOfLoss: { en: "loss of one sample", zh: "单个样本的损失" },
  meaningOfDelta: { en: "error of layer {l}, defined below", zh: "第 {l} 层的误差，定义见下文" },
  meaningOfHadamard: { en: "element-wise product", zh: "按元素相乘" },

  picture: { en: "The network", zh: "网络结构" },
  pictureCaption: {
    en: "Every neuron is connected to all neurons of the next layer. The thick line is the connection with weight {weight}: it ends in neuron {to} of layer 2 and starts from neuron {from} of layer 1.",
    zh: "每个神经元都与下一层的所有神经元相连。粗线是权重 {weight} 对应的连接：它的终点是第 2 层的第 {to} 个神经元，起点是第 1 层的第 {from} 个神经元。",
  },

  forward: { en: "Forward pass", zh: "前向传播" },
  forwardText: {
    en: "The input counts as the activation of layer 1. Every further layer takes a weighted sum of the activations before it, adds its biases, and applies the activation function. Neuron by neuron:",
    zh: "把输入看作第 1 层的激活值，之后的每一层先对前一层的激活值求加权和并加上偏置项，再作用激活函数。逐个神经元写出来就是：",
  },
  forwardMatrix: {
    en: "A sum over a shared index is a matrix product, so that for a whole layer:",
    zh: "对公共下标求和就是矩阵乘法，因此对整个一层有：",
  },
  shapesText: { en: "The shapes fit:", zh: "各个形状是相容的：" },
  forwardHere: { en: "For this network", zh: "具体到这个网络" },
  forwardHereText: {
    en: "With the sizes put in, every layer can be written out in full. Layer {l}:",
    zh: "代入具体的大小，每一层都可以完整地写出来。第 {l} 层：",
  },
  layerText: { en: "Layer {l}:", zh: "第 {l} 层：" },
  layersLeftOut: {
    en: "The layers between follow the same pattern.",
    zh: "中间各层的形式相同。",
  },
  entriesText: { en: "Line by line:", zh: "逐行写出来就是：" },
  entryText: { en: "That is:", zh: "也就是：" },
  activationHere: { en: "Then the activation function:", zh: "然后作用激活函数：" },

  functions: { en: "Activation and loss", zh: "激活函数与损失函数" },
  activationText: { en: "The activation function is", zh: "激活函数是" },
  activationOfLayerText: { en: "The activation function of layer {l} is", zh: "第 {l} 层的激活函数是" },
  activationDerivative: { en: "Its derivative, by the rules of differentiation:", zh: "按求导法则，它的导数是：" },
  lossText: {
    en: "The loss compares the activations of the last layer with the targets:",
    zh: "损失函数把最后一层的激活值与真实值相比较：",
  },
  lossHere: { en: "For this network:", zh: "具体到这个网络：" },
  lossDerivative: {
    en: "How it changes with one of the outputs, for {bounds}:",
    zh: "它对某一个输出的导数（{bounds}）是：",
  },

  delta: { en: "The error δ", zh: "误差 δ" },
  deltaText: {
    en: "Everything below turns on one quantity for each neuron, the derivative of the loss by its pre-activation:",
    zh: "下面的一切都围绕每个神经元的一个量展开，即损失对它的加权和的导数：",
  },
  deltaMeaning: {
    en: "It answers a question about neuron {j} of layer {l}: if its weighted sum grew a little, would the loss rise or fall, and how fast? The loss is not changed by a pre-activation directly, but only through the activations that follow from it. So the answer is known first for the last layer, whose outputs the loss compares with the targets; a neuron before that adds up the answers of all neurons that it feeds, each weighted by the connection between them. And once {delta} is known, the answers for the parameters of that neuron follow at once, for they act upon the loss through {z} alone.",
    zh: "它回答的是关于第 {l} 层第 {j} 个神经元的一个问题：如果它的加权和稍微增大，损失会变大还是变小，变得多快？加权和并不直接影响损失，而是通过由它算出的激活值起作用。因此最先知道答案的是最后一层，它的输出直接与真实值比较；更前面的神经元则要听取它所连接的后一层所有神经元的「意见」，按连接的权重加起来。而一旦知道了 {delta}，这个神经元的权重和偏置项的梯度也就立刻得到了，因为它们只能通过 {z} 影响损失。",
  },

  equations: { en: "The four equations", zh: "反向传播的四个公式" },
  fourText: {
    en: "Four equations make up the whole algorithm; each is derived below.",
    zh: "整个算法就是下面四个公式，之后逐个推导。",
  },
  derivation: { en: "Derivation, for {bounds}:", zh: "推导过程（{bounds}）：" },
  evaluation: {
    en: "With the derivatives found above put in:",
    zh: "代入前面求得的导数：",
  },
  matrixForm: { en: "For the whole layer at once, in matrix form:", zh: "对整个一层写成矩阵形式：" },
  noMatrixForm: {
    en: "No pattern of matrix algebra fits, so that the equation stays in its indices.",
    zh: "没有合适的矩阵运算与之对应，公式保留下标的形式。",
  },
  twoLayers: {
    en: "A network of two layers has no hidden layer: the equation is for deeper ones.",
    zh: "两层的网络没有隐藏层，这个公式用于更深的网络。",
  },
  result: { en: "Result:", zh: "结果：" },

  algorithm: { en: "The algorithm", zh: "反向传播算法" },
  algorithmText: {
    en: "The equations are evaluated in this order, each from what has been computed before it:",
    zh: "按下面的顺序计算，每一步只用到前面已经算出的量：",
  },
  algorithmForward: {
    en: "Forward pass: set {input}, then for {layers} compute every {z} and {a}, and keep them.",
    zh: "前向传播：令 {input}，然后对 {layers} 依次计算并保存每个 {z} 和 {a}。",
  },
  algorithmOutput: {
    en: "Error of the output layer, by BP1: {equation}.",
    zh: "根据公式一计算输出层的误差：{equation}。",
  },
  algorithmBack: {
    en: "Backwards through the layers {layers}, the error of each from that of the next, by BP2: {equation}.",
    zh: "从后往前，对 {layers} 的各层，根据公式二由后一层的误差计算这一层的误差：{equation}。",
  },
  algorithmBias: {
    en: "Gradient of every bias, by BP3: {equation}.",
    zh: "根据公式三得到每个偏置项的梯度：{equation}。",
  },
  algorithmWeight: {
    en: "Gradient of every weight, by BP4: {equation}.",
    zh: "根据公式四得到每个权重的梯度：{equation}。",
  },
  algorithmUpdate: {
    en: "For gradient descent with learning rate {rate}, change the parameters only now that all gradients are known: {update}, and likewise {biasUpdate}.",
    zh: "若用学习率为 {rate} 的梯度下降，要等所有梯度都算出之后再更新参数：{update}，偏置项同理：{biasUpdate}。",
  },
  instances: { en: "Step by step for this network", zh: "具体到这个网络" },
  instancesText: {
    en: "The backward pass of this network, from the last layer to the first:",
    zh: "这个网络的反向传播，从最后一层到最前面：",
  },
  instancesCut: {
    en: "They have been checked on the same network with smaller layers, {cut}, whose derivation takes the same steps.",
    zh: "这些公式是在各层较小的同类网络 {cut} 上检验的，它的推导步骤与本网络完全相同。",
  },

  cost: { en: "Why it is efficient", zh: "为什么高效" },
  costText: {
    en: "The backward pass goes through every connection once for the error and once for the gradient, and never again from the output: BP2 takes the error of a layer from that of the next, which is already there. So all derivatives together cost a small multiple of one forward pass. Counted in the program that computes this network:",
    zh: "反向传播对每条连接只算一次误差、一次梯度，不必每次都从输出层重新推起：公式二由后一层已经算好的误差直接得到这一层的误差。因此求出全部导数的代价只是一次前向传播的几倍。下面的次数是从计算这个网络的程序中数出来的：",
  },
  costOf: { en: "One sample", zh: "单个样本" },
  multiplications: { en: "Multiplications", zh: "乘法次数" },
  relative: { en: "Forward passes", zh: "相当于前向传播" },
  costForward: { en: "forward pass, the loss aside", zh: "前向传播（不计损失）" },
  costBackward: { en: "forward pass, loss and full gradient", zh: "前向传播、损失与全部梯度" },
  costDifferences: {
    en: "central differences: two forward passes for each of {parameters} parameters",
    zh: "中心差分：{parameters} 个参数各需两次前向传播",
  },
  costConclusion: {
    en: "Differences would take {ratio} times as many multiplications as backpropagation, and give fewer correct digits.",
    zh: "用差分所需的乘法次数是反向传播的 {ratio} 倍，而且得到的有效数字更少。",
  },

  example: { en: "A worked example", zh: "数值例子" },
  exampleText: {
    en: "One pass with numbers (random ones, seed {seed}). Values are rounded to {digits} significant digits as they are printed and computed with more; an equals sign is exact, ≈ is rounded.",
    zh: "代入具体的数走一遍（随机选取，种子为 {seed}）。数值在显示时保留 {digits} 位有效数字，计算时用更多位；等号表示精确相等，≈ 表示经过舍入。",
  },
  exampleMazur: {
    en: "The numbers are those of Matt Mazur’s “A Step by Step Backpropagation Example”, so that every value can be compared with his. Values are rounded to {digits} decimals as they are printed; an equals sign is exact, ≈ is rounded.",
    zh: "所用的数取自 Matt Mazur 的 A Step by Step Backpropagation Example，每个值都可以与原文对照。数值在显示时保留 {digits} 位小数；等号表示精确相等，≈ 表示经过舍入。",
  },
  exampleGiven: { en: "Given:", zh: "已知：" },
  exampleForward: { en: "Forward pass", zh: "前向传播" },
  exampleLoss: { en: "The loss:", zh: "损失：" },
  exampleBackward: { en: "Backward pass", zh: "反向传播" },
  exampleErrors: { en: "Layer {l}, errors ({equation}):", zh: "第 {l} 层的误差（{equation}）：" },
  exampleBiases: { en: "Layer {l}, gradient of the biases ({equation}):", zh: "第 {l} 层偏置项的梯度（{equation}）：" },
  exampleWeights: { en: "Layer {l}, gradient of the weights ({equation}):", zh: "第 {l} 层权重的梯度（{equation}）：" },
  exampleUpdate: { en: "One step of gradient descent", zh: "梯度下降一步" },
  exampleUpdateText: { en: "With learning rate {rate}:", zh: "取学习率 {rate}：" },
  exampleUpdateWeights: {
    en: "With learning rate {rate}, the weights only, as in the original (its biases stay):",
    zh: "取学习率 {rate}，与原文一样只更新权重，偏置项不变：",
  },
  exampleAfter: {
    en: "The loss goes from {before} to {after}.",
    zh: "损失由 {before} 变为 {after}。",
  },

  check: { en: "The check", zh: "检验" },
  checkText: {
    en: "The derived gradient, evaluated at 64 digits at the example’s point, against central differences of the loss with step {step}, in which no rule of differentiation takes part:",
    zh: "在上面例子的点上，把推导出的梯度用 64 位数字求值，与步长为 {step} 的损失的中心差分相比较，后者没有用到任何求导法则：",
  },
  checkCut: {
    en: "The derived gradient of the same network with narrower layers, {cut}, evaluated at 64 digits at a random point, against central differences of its loss with step {step}, in which no rule of differentiation takes part:",
    zh: "对各层较窄的同类网络 {cut}，在随机点上把推导出的梯度用 64 位数字求值，与步长为 {step} 的损失的中心差分相比较，后者没有用到任何求导法则：",
  },
  checkTensor: { en: "Gradient of", zh: "梯度" },
  checkDigits: { en: "Digits that agree", zh: "一致的位数" },
  checkCompared: { en: "Compared", zh: "比较方式" },
  checkEntries: { en: "every entry", zh: "逐个分量" },
  checkDirections: { en: "along random directions", zh: "沿随机方向" },
  certificate: {
    en: "The {steps} steps of the derivations above were each evaluated on both sides in {draws} random draws (seed {seed}) in prime fields of at least 61 bits, at random sizes, layers and points. A false equality passes a draw with probability below {chance}; that is testing, not proof.",
    zh: "上面推导中的 {steps} 步，每一步都在不小于 61 位的素数域中随机取 {draws} 次（种子 {seed}），对随机的层数、大小和取值分别计算等号两边。错误的等式在一次抽取中侥幸通过的概率小于 {chance}；这是检验，不是证明。",
  },

  code: { en: "From equations to code", zh: "公式与代码的对应" },
  codeText: {
    en: "The same equations, printed as a TypeScript module by {command}. Each equation with the lines that compute it:",
    zh: "同样的公式由 {command} 打印成一个 TypeScript 模块。每个公式与计算它的行号对应如下：",
  },
  codeEquation: { en: "Equation", zh: "公式" },
  codeLines: { en: "Lines", zh: "行号" },
  codeExcerpt: { en: "Among them:", zh: "其中：" },
} as const satisfies Readonly<Record<string, Words>>;

export const say = (entry: Words, language: Language): string => entry[language];
