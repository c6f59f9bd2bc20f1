import type { Language, Words } from "../derivation/index.ts";

/** The document's own sentences. `{slot}` stands for a formula or a number; an entry without one language does not compile. */
export const words = {
  title: { en: "Backpropagation for a {sizes} network", zh: "{sizes} 网络的反向传播" },

  conventions: { en: "Sizes and conventions", zh: "网络与约定" },
  introduction: {
    en: "The network is fully connected and has {count} layers; from input to output, their sizes (numbers of neurons) are {sizes}. The gradient of its loss is derived below from the equations of the forward pass, with a reason for every step. Every step has been tested by computer in exact arithmetic, and no counterexample was found.",
    zh: "这是一个 {count} 层的全连接网络，从输入层到输出层，各层的神经元个数依次是 {sizes}。下面从前向传播的公式出发推导损失函数的梯度，每一步都给出理由。每一步都由计算机用精确算术检验过，没有发现反例。",
  },
  conventionLayers: {
    en: "Layers are numbered from 1: the input layer is layer 1 and the output layer is layer {last}. Layer {l} has {size} neurons; here {listed}. An upper index is the number of a layer, never an exponent; powers are written with parentheses.",
    zh: "层从 1 开始编号：输入层是第 1 层，输出层是第 {last} 层。第 {l} 层有 {size} 个神经元，本网络中 {listed}。上标表示层的编号，不是指数；乘方都加括号。",
  },
  conventionWeights: {
    en: "{entry} is the weight of the connection from neuron {k} of layer {before} to neuron {j} of layer {l}; the index of the receiving neuron comes first. The weights into a layer thus form a matrix {matrix} of shape {shape}, and the forward pass needs no transpose.",
    zh: "{entry} 表示从第 {before} 层第 {k} 个神经元指向第 {l} 层第 {j} 个神经元的连接的权重，下标先写终点、再写起点。这样，每一层的权重排成一个 {shape} 的矩阵 {matrix}，前向传播时不必转置。",
  },
  conventionLetters: {
    en: "The letters {j}, {k}, {p} and {q} number neurons, and {l} numbers layers; the number of neurons in a layer is always written {size}. Matrices are written with capital letters, column vectors with small letters, and the entries of both with small letters and subscripts.",
    zh: "字母 {j}、{k}、{p}、{q} 是神经元的编号，{l} 是层的编号，神经元的个数一律写作 {size}。矩阵用大写字母表示，列向量用不带下标的小写字母表示，它们的元素用带下标的小写字母表示。",
  },
  conventionDots: {
    en: "Dots stand for what continues the pattern of the terms beside them. It is computed with, though it is not printed.",
    zh: "省略号表示按两边各项的规律写下去的部分，它们没有写出来，但都参与了计算。",
  },
  conventionLoss: {
    en: "The loss of a single sample is {loss}. Texts differ in the constant factor; if the loss is multiplied by a constant, so is every gradient below. If the loss of a batch is the mean over its samples, its gradient is the mean of their gradients.",
    zh: "单个样本的损失是 {loss}。各种资料中损失前面的常数因子不尽相同：损失乘以一个常数，下面所有的梯度也乘以同一个常数。如果一批样本的损失取各样本损失的平均，它的梯度就是各样本梯度的平均。",
  },

  notation: { en: "Notation", zh: "记号" },
  symbol: { en: "Symbol", zh: "记号" },
  meaning: { en: "Meaning", zh: "含义" },
  shape: { en: "Shape", zh: "形状" },
  shapeHere: { en: "Here", zh: "本网络" },
  count: { en: "Count", zh: "个数" },
  codeName: { en: "In the code", zh: "代码中" },
  meaningOfSize: { en: "number of neurons in layer {l}", zh: "第 {l} 层的神经元个数" },
  meaningOfInput: { en: "input; the activations of layer 1", zh: "输入，也就是第 1 层的激活值" },
  meaningOfTarget: { en: "target, the desired output", zh: "真实值，即希望网络给出的输出" },
  meaningOfWeight: { en: "weights into layer {l}", zh: "第 {l} 层的权重" },
  meaningOfBias: { en: "biases of layer {l}", zh: "第 {l} 层的偏置项" },
  meaningOfPreActivation: { en: "pre-activations (weighted sums) of layer {l}", zh: "第 {l} 层的加权和" },
  meaningOfActivation: { en: "activations of layer {l}", zh: "第 {l} 层的激活值" },
  meaningOfFunction: { en: "activation function", zh: "激活函数" },
  meaningOfLoss: { en: "loss of one sample", zh: "单个样本的损失" },
  meaningOfPenalty: { en: "penalty on the weights", zh: "对权重的惩罚项" },
  meaningOfDelta: { en: "error of layer {l}, defined below", zh: "第 {l} 层的误差，定义见下文" },
  meaningOfBracket: { en: "1 where the indices are equal, otherwise 0", zh: "下标相等时为 1，否则为 0" },
  meaningOfGradient: {
    en: "matrix of the derivatives {derivative}",
    zh: "由各个 {derivative} 组成的矩阵",
  },
  meaningOfSlope: { en: "derivative of the activation function", zh: "激活函数的导数" },
  meaningOfTranspose: { en: "transpose of a matrix", zh: "矩阵的转置" },
  meaningOfHadamard: { en: "element-wise product", zh: "按元素相乘" },

  picture: { en: "The network", zh: "网络结构" },
  pictureCaption: {
    en: "Every neuron is connected to all neurons of the next layer. The connection marked {weight} runs from neuron {from} of layer 1 to neuron {to} of layer 2.",
    zh: "每个神经元都与下一层的所有神经元相连。标有 {weight} 的连接从第 1 层的第 {from} 个神经元指向第 2 层的第 {to} 个神经元。",
  },

  forward: { en: "Forward pass", zh: "前向传播" },
  forwardText: {
    en: "The input is taken as the activations of layer 1. In every later layer, a neuron forms a weighted sum of the activations of the layer before, adds its bias to get its pre-activation, and applies the activation function. Neuron by neuron:",
    zh: "把输入看作第 1 层的激活值。之后的每一层先把前一层的激活值乘以权重相加，再加上偏置项，得到加权和，然后经过激活函数得到这一层的激活值。逐个神经元写出来就是：",
  },
  forwardMatrix: {
    en: "A sum over a shared index is a matrix product, and the activation function acts element by element, so for a whole layer:",
    zh: "对公共下标求和就是矩阵乘法，激活函数则按元素作用，因此对整个一层有：",
  },
  shapesText: { en: "The shapes match:", zh: "核对形状：" },
  forwardHere: { en: "The forward pass of this network", zh: "本网络的前向传播" },
  forwardHereText: {
    en: "With the sizes of this network, the equations can be written out layer by layer. Layer {l}:",
    zh: "代入各层的大小，把公式逐层写出来。第 {l} 层：",
  },
  layerText: { en: "Layer {l}:", zh: "第 {l} 层：" },
  layersLeftOut: {
    en: "The layers in between follow the same pattern.",
    zh: "中间各层依此类推。",
  },
  entriesText: { en: "Row by row:", zh: "逐行写出来就是：" },
  entryText: { en: "That is:", zh: "也就是：" },
  activationHere: { en: "Applying the activation function:", zh: "再经过激活函数：" },

  functions: { en: "Activation and loss", zh: "激活函数与损失函数" },
  activationText: { en: "The activation function is", zh: "激活函数是：" },
  activationOfLayerText: { en: "The activation function of layer {l} is", zh: "第 {l} 层的激活函数是：" },
  activationDerivative: { en: "Its derivative, by the rules of differentiation:", zh: "用求导法则求它的导数：" },
  kink: {
    en: "At {place} the slopes on the two sides differ, {left} on the left and {right} on the right, so that there is no derivative; what the formula gives there, {derivative} = {chosen}, is the subgradient chosen.",
    zh: "在 {place} 处左右两侧的斜率不同，左侧为 {left}，右侧为 {right}，导数不存在；公式在该点取 {derivative} = {chosen}，这是约定的次梯度。",
  },
  activationOfLayer: {
    en: "For {layers}, the activation of a neuron depends on the pre-activations of its whole layer:",
    zh: "当 {layers} 时，每个神经元的激活值与同一层的所有加权和都有关：",
  },
  jacobianText: {
    en: "Each activation therefore has a derivative with respect to each pre-activation of the layer, which together form its Jacobian. For {bounds}:",
    zh: "因此，每个激活值对同一层的每个加权和都有导数，它们组成雅可比矩阵。对 {bounds}：",
  },
  penaltyText: {
    en: "To the loss of the outputs a penalty on the weights is added; biases are left free:",
    zh: "除了输出的损失之外，还要加上对权重的惩罚项，偏置项不受惩罚：",
  },
  lossKinks: {
    en: "Where a comparison in the loss is a tie, its slopes on the two sides differ; the value that the formula gives there is the subgradient chosen.",
    zh: "损失函数中的比较取等号的地方，左右两侧的斜率不同；公式在那里给出的值是约定的次梯度。",
  },
  lossText: {
    en: "The loss is computed from the activations of the last layer and the targets:",
    zh: "损失由最后一层的激活值与真实值算出：",
  },
  lossHere: { en: "For this network:", zh: "代入本网络的大小：" },
  lossDerivative: {
    en: "Its derivative with respect to one of the outputs, for {bounds}:",
    zh: "对其中一个输出求导（{bounds}）：",
  },

  delta: { en: "The error δ", zh: "误差 δ" },
  deltaText: {
    en: "Everything below is built on one quantity for each neuron, called its error, which is the derivative of the loss with respect to its pre-activation:",
    zh: "下面的推导都围绕一个量展开，即损失对某个神经元的加权和的导数，称为这个神经元的误差：",
  },
  deltaMeaning: {
    en: "{delta} answers a question about neuron {j} of layer {l}: if its pre-activation grew a little, would the loss rise or fall, and how fast? A pre-activation affects the loss only through {activations}. In the output layer, the loss depends on that activation directly, so the errors are found there first. A neuron of a hidden layer has no target of its own: its error is the sum of the errors of all the neurons it feeds, each weighted by the connection between them, times {slope}. Once {delta} is known, the gradients of the bias of that neuron and of the weights into it follow at once, because {exception}they affect the loss through {z} alone.",
    zh: "{delta} 回答的是这样一个问题：第 {l} 层第 {j} 个神经元的加权和稍微增大一点，损失会变大还是变小，变化有多快？加权和并不直接影响损失，要通过{activations}起作用。输出层的激活值直接进入损失函数，所以误差最先在输出层求出。隐藏层的神经元没有对应的真实值，要综合后一层所有神经元的「意见」：把它们的误差按连接的权重加起来，再乘以{slope}。有了 {delta}，这个神经元的权重和偏置项的梯度也就随之得到，因为{exception}它们只能通过 {z} 影响损失。",
  },
  ownActivation: { en: "the activation computed from it", zh: "由它算出的激活值" },
  layerActivations: {
    en: "the activations that depend on it: that of its neuron or, where the activation is one of the whole layer, all of its layer",
    zh: "与它有关的激活值（只有自己的一个，若激活函数作用于整个一层，则是同层的所有激活值）",
  },
  ownSlope: { en: "the derivative of its activation function", zh: "自己的激活函数的导数" },
  layerSlopes: { en: "the derivatives of those activations", zh: "这些激活值的导数" },
  exceptPenalty: { en: "apart from the penalty ", zh: "除惩罚项以外，" },
  penaltyTerm: {
    en: "The penalty adds a term of its own, which does not come from the connection.",
    zh: "惩罚项另外贡献一项，它与误差的传播无关。",
  },

  equations: { en: "The four equations", zh: "反向传播的四个公式" },
  fourText: {
    en: "Backpropagation comes down to four equations. They are stated here and then derived one by one.",
    zh: "反向传播的核心是下面四个公式，之后逐个推导。",
  },
  derivation: { en: "Derivation, for {bounds}:", zh: "推导过程（{bounds}）：" },
  evaluation: {
    en: "Substituting the derivatives already found:",
    zh: "代入已经求出的导数：",
  },
  underAssumption: {
    en: "With one assumption on the targets it becomes shorter:",
    zh: "对目标再作一个假设，结果可以更简单：",
  },
  matrixForm: { en: "For the whole layer at once, in matrix form:", zh: "把整个一层写成矩阵形式：" },
  ownActivations: {
    en: "The layers have activation functions of their own, so that {derivative} is worked out layer by layer, in the equations of this network below.",
    zh: "各层的激活函数不同，因此 {derivative} 要逐层代入，见后面本网络的公式。",
  },
  noMatrixForm: {
    en: "No matrix form was found for this equation, so it is left in index notation.",
    zh: "没有找到对应的矩阵形式，公式保留下标写法。",
  },
  twoLayers: {
    en: "This network has only two layers and therefore no hidden layer; the equation is needed only in deeper networks.",
    zh: "本网络只有两层，没有隐藏层，用不到这个公式；更深的网络才需要它。",
  },
  result: { en: "Result:", zh: "结果：" },

  algorithm: { en: "The algorithm", zh: "反向传播算法" },
  algorithmText: {
    en: "Compute in the following order; each step uses only what is already known:",
    zh: "按下面的顺序计算，每一步只用到前面已经算出的量：",
  },
  algorithmForward: {
    en: "Forward pass: set {input}, then for {layers} compute every {z} and {a}, and keep them.",
    zh: "前向传播：令 {input}，然后对 {layers} 依次计算每个 {z} 和 {a}，并保存下来。",
  },
  algorithmOutput: {
    en: "Compute the errors of the output layer by BP1: {equation}.",
    zh: "根据公式一计算输出层的误差：{equation}。",
  },
  algorithmBack: {
    en: "Going backwards, for {layers}, compute the errors of the layer from those of the next by BP2: {equation}.",
    zh: "从后往前，对 {layers}，根据公式二由后一层的误差计算这一层的误差：{equation}。",
  },
  algorithmBias: {
    en: "Compute the gradient of every bias by BP3: {equation}.",
    zh: "根据公式三得到每个偏置项的梯度：{equation}。",
  },
  algorithmWeight: {
    en: "Compute the gradient of every weight by BP4: {equation}.",
    zh: "根据公式四得到每个权重的梯度：{equation}。",
  },
  algorithmUpdate: {
    en: "For gradient descent with learning rate {rate}, update the parameters only after all gradients are known, because BP2 needs the weights of the forward pass: {update}, and likewise {biasUpdate}.",
    zh: "若用梯度下降（学习率为 {rate}），要等所有梯度都算出之后再更新参数，因为公式二用的是前向传播时的权重：{update}，偏置项同理：{biasUpdate}。",
  },
  instances: { en: "The backward pass of this network", zh: "本网络的反向传播" },
  instancesText: {
    en: "The same steps with the sizes and layers of this network, starting from the output layer.",
    zh: "把上面的公式用到本网络，从输出层开始逐层往前。",
  },
  instancesCut: {
    en: "The equations for this network were tested on one with narrower layers, {cut}, whose derivation takes the same steps.",
    zh: "本网络的公式是在各层较窄的同类网络 {cut} 上检验的，两者的推导步骤相同。",
  },

  cost: { en: "Why it is efficient", zh: "为什么高效" },
  costText: {
    en: "The backward pass uses each connection at most twice: once for the gradient of its weight and, if it starts in a hidden layer, once more to carry the error back. No error is computed twice, because BP2 starts from the errors of the next layer, which are already known, instead of going back to the output. All derivatives together therefore cost only a small multiple of one forward pass. The multiplications below were counted in the program that computes this network:",
    zh: "反向传播中，每条连接最多用到两次：一次用来求权重的梯度；如果起点在隐藏层，还要再用一次，把误差传回去。计算一层的误差时，后一层的误差已经算好，由公式二直接得到结果，不用从头从输出层开始推导。因此，求出全部导数的代价只是一次前向传播的几倍。下面的乘法次数是从计算这个网络的程序中数出来的：",
  },
  costOf: { en: "One sample", zh: "单个样本" },
  multiplications: { en: "Multiplications", zh: "乘法次数" },
  relative: { en: "Ratio", zh: "比例" },
  costForward: { en: "forward pass and loss", zh: "前向传播与损失" },
  costBackward: { en: "forward pass, loss and full gradient", zh: "前向传播、损失与全部梯度" },
  costDifferences: {
    en: "central differences: the loss twice for each of {parameters} parameters",
    zh: "中心差分：{parameters} 个参数，每个要算两次损失",
  },
  costConclusion: {
    en: "Here central differences take {ratio} times as many multiplications as backpropagation, a ratio that grows roughly with the number of parameters, and at the same precision they give fewer correct digits.",
    zh: "对这个网络，中心差分的乘法次数是反向传播的 {ratio} 倍，参数越多，这个倍数一般也越大；而且在同样的精度下，差分得到的正确位数更少。",
  },

  example: { en: "A worked example", zh: "数值例子" },
  exampleText: {
    en: "The same computation with numbers, chosen at random (seed {seed}). Values are printed to at most {digits} significant digits but computed with more; an equals sign is exact, ≈ marks a rounded value.",
    zh: "代入具体的数走一遍（随机选取，种子为 {seed}）。数值显示时最多保留 {digits} 位有效数字，计算时保留更多位；等号表示精确相等，≈ 表示经过舍入。",
  },
  exampleMazur: {
    en: "The numbers are those of Matt Mazur’s “A Step by Step Backpropagation Example”, so its values can be compared with his. Values are printed to at most {digits} decimal places but computed with more; an equals sign is exact, ≈ marks a rounded value.",
    zh: "所用的数取自 Matt Mazur 的文章 “A Step by Step Backpropagation Example”，可以与原文对照。数值显示时最多保留 {digits} 位小数，计算时保留更多位；等号表示精确相等，≈ 表示经过舍入。",
  },
  exampleGiven: { en: "Given:", zh: "已知：" },
  exampleForward: { en: "The forward pass in numbers", zh: "前向传播的数值" },
  exampleLoss: { en: "The loss:", zh: "损失：" },
  exampleBackward: { en: "The backward pass in numbers", zh: "反向传播的数值" },
  exampleErrors: { en: "Errors of layer {l} ({equation}):", zh: "第 {l} 层的误差（{equation}）：" },
  exampleBiases: {
    en: "Gradient of the biases of layer {l} ({equation}):",
    zh: "第 {l} 层偏置项的梯度（{equation}）：",
  },
  exampleWeights: {
    en: "Gradient of the weights of layer {l} ({equation}):",
    zh: "第 {l} 层权重的梯度（{equation}）：",
  },
  exampleUpdate: { en: "One step of gradient descent", zh: "一步梯度下降" },
  exampleUpdateText: { en: "With learning rate {rate}:", zh: "取学习率 {rate}：" },
  exampleUpdateWeights: {
    en: "With learning rate {rate}; as in the original, only the weights are updated, not the biases:",
    zh: "取学习率 {rate}，与原文一样只更新权重，偏置项不变：",
  },
  exampleAfter: {
    en: "The loss goes from {before} to {after}.",
    zh: "损失由 {before} 变为 {after}。",
  },
  exampleAfterMazur: {
    en: "The original prints {printed} for the loss after the step; its own updated weights give the value here.",
    zh: "原文给出更新后的损失为 {printed}，但由原文更新后的权重算得的是这里的值。",
  },

  check: { en: "The check", zh: "检验" },
  checkText: {
    en: "The derived gradient is evaluated with 64 digits at the point of the example and compared with central differences of the loss (step {step}), which involve no rule of differentiation:",
    zh: "在数值例子的点上，以 64 位有效数字计算推导出的梯度，再与损失的中心差分（步长 {step}）比较。中心差分不依赖任何求导法则：",
  },
  checkCut: {
    en: "For the same kind of network with narrower layers, {cut}, the derived gradient is evaluated with 64 digits at a random point and compared with central differences of the loss (step {step}), which involve no rule of differentiation:",
    zh: "取各层较窄的同类网络 {cut}，在随机点上以 64 位有效数字计算推导出的梯度，再与损失的中心差分（步长 {step}）比较。中心差分不依赖任何求导法则：",
  },
  checkTensor: { en: "Gradient of", zh: "梯度" },
  checkDigits: { en: "Agreeing digits", zh: "一致的有效位数" },
  checkCompared: { en: "Compared", zh: "比较方式" },
  checkZero: { en: "both zero", zh: "两边都为零" },
  checkEntries: { en: "every entry", zh: "逐个分量" },
  checkDirections: { en: "along random directions", zh: "沿随机方向" },
  certificate: {
    en: "For each of the {steps} steps of the derivations, both sides were evaluated in {draws} random draws (seed {seed}) in prime fields of at least 61 bits, at random points and, where a layer is general, random sizes and layers, the derivatives by dual numbers. The probability that a false equality passes a draw is below {chance}. This is testing, not proof.",
    zh: "推导中的 {steps} 步，每一步都随机抽取 {draws} 次（种子 {seed}），在至少 61 比特的素数域中，对随机的取值（涉及一般的层时，大小和层也随机）分别计算等号两边，其中的导数用对偶数计算。错误的等式在一次抽取中侥幸通过的概率小于 {chance}。这只是检验，不是证明。",
  },

  code: { en: "From equations to code", zh: "公式与代码的对应" },
  codeText: {
    en: "{command} prints the same equations as a TypeScript module. The table lists, for each equation, the lines that compute it:",
    zh: "{command} 把同样的公式输出为一个 TypeScript 模块，计算各个公式的代码行如下：",
  },
  codeEquation: { en: "Equation", zh: "公式" },
  codeLines: { en: "Lines", zh: "行号" },
  codeExcerpt: { en: "An excerpt:", zh: "节选：" },

  modelTitle: { en: "Derivatives of {name}", zh: "{name} 的导数" },
  modelConventions: { en: "Sizes and conventions", zh: "约定" },
  modelIntroduction: {
    en: "The file {name} lists the equations by which the loss {J} is computed from inputs and parameters. Below, the derivatives of {J} with respect to every variable and every parameter are derived from these equations, with a reason for every step. Every step has been tested by computer in exact arithmetic, and no counterexample was found.",
    zh: "文件 {name} 列出了由输入和参数计算损失 {J} 的公式。下面从这些公式出发推导 {J} 对每个变量、每个参数的导数，每一步都给出理由。每一步都由计算机用精确算术检验过，没有发现反例。",
  },
  modelIndices: {
    en: "Indices count from 1: {indices}. A sum goes over the whole range of its index. Where a derivation needs one more index, it takes a letter that is not in use yet.",
    zh: "下标从 1 开始编号：{indices}。求和时下标取遍整个范围。推导中需要新的下标时，用还没有用过的字母。",
  },
  modelSizes: {
    en: "Sizes have names; in this file {sizes}. The derivation does not depend on their values, and every step was tested at random ones.",
    zh: "大小用字母表示，在这个文件中 {sizes}。推导与它们的值无关，检验每一步时，大小是随机选取的。",
  },
  modelNumbers: {
    en: "Digits at the end of a name are written as an upper index, which belongs to the name and is no exponent: {name} is {symbol}. Powers of such letters are written with parentheses.",
    zh: "名字末尾的数字写作上标，是名字的一部分，不是指数：{name} 写作 {symbol}。这样的字母如果要乘方，就加括号。",
  },
  modelTotal: {
    en: "{total} tells how fast {J} changes with {v}, by every path through the equations from {v} to {J} together. It is also called the adjoint of {v}; that of {J} itself is 1.",
    zh: "{total} 表示 {J} 随 {v} 变化的快慢，公式中从 {v} 通向 {J} 的每一条路径都计算在内，也称为 {v} 的伴随；{J} 自身的伴随是 1。",
  },
  modelLocal: {
    en: "The derivative of anything other than {J}, such as {local}, is a local one, in which every variable but {v} is held fixed, even where an equation computes it from {v}.",
    zh: "除 {J} 以外，其他式子的导数（例如 {local}）都是局部的：除 {v} 以外的变量一律保持不变，即使它是由 {v} 算出来的。",
  },
  modelBracket: {
    en: "{bracket} is 1 where the two indices are equal and 0 otherwise.",
    zh: "{bracket} 在两个下标相等时为 1，否则为 0。",
  },
  modelRole: { en: "Role", zh: "角色" },
  modelUsedIn: { en: "Used for", zh: "用于计算" },
  modelHere: { en: "Here", zh: "本文件" },
  modelParameter: { en: "parameter", zh: "参数" },
  modelInput: { en: "input", zh: "输入" },
  modelTarget: { en: "target", zh: "真实值" },
  modelVariable: { en: "intermediate variable", zh: "中间变量" },
  modelOutput: { en: "output", zh: "输出" },
  modelLoss: { en: "loss", zh: "损失" },
  modelForwardText: {
    en: "The equations in the order in which they are evaluated, each for all values of its indices:",
    zh: "公式按计算的先后排列，每个公式对下标的所有取值成立：",
  },
  modelForwardMatrix: {
    en: "A sum over a shared index is a matrix product, and functions act element by element; vectors are columns. In matrix form:",
    zh: "对公共下标求和就是矩阵乘法，函数按元素作用，向量都是列向量。写成矩阵形式：",
  },
  modelKink: {
    en: "Where {place}, the derivative of {v} does not exist; the value taken there is that of {chosen}.",
    zh: "在 {place} 处，{v} 的导数不存在，约定取 {chosen} 的导数。",
  },
  modelKinkSign: {
    en: "Where {place}, the derivative of {v} does not exist; the value taken there is the one with {sign}.",
    zh: "在 {place} 处，{v} 的导数不存在，约定按 {sign} 取值。",
  },
  modelFunctions: { en: "Functions", zh: "函数" },
  modelFunction: { en: "The function {f} is", zh: "函数 {f} 的定义是：" },
  modelEquations: { en: "The derivatives, one by one", zh: "逐个求导" },
  modelEquationsText: {
    en: "The derivatives are found from {J} backwards: first with respect to every variable that an equation computes, then with respect to every parameter. Each uses only those found before it.",
    zh: "从 {J} 开始往回求导：先是对各个由公式算出的变量，再是对各个参数。求每一个导数时，只用到前面已经求出的导数。",
  },
  modelDerivative: { en: "The derivative with respect to {v}", zh: "对 {v} 的导数" },
  modelGradient: { en: "The gradient of {v}", zh: "{v} 的梯度" },
  modelUnused: {
    en: "No equation uses {v}, so {J} does not depend on it, and the derivative is 0.",
    zh: "没有公式用到 {v}，{J} 与它无关，导数为 0。",
  },
  modelUsedOnce: {
    en: "{v} is used in one equation, that of {users}, so there is one term.",
    zh: "只有 {users} 的公式用到 {v}，所以只有一项。",
  },
  modelUsedOften: {
    en: "{v} is used in {count} equations, those of {users}, so {count} terms are added.",
    zh: "{v} 用在 {count} 个公式中（{users} 的公式），所以有 {count} 项相加。",
  },
  modelDerivation: { en: "Derivation:", zh: "推导过程：" },
  modelMatrixForm: { en: "All entries at once, in matrix form:", zh: "所有分量一起写成矩阵形式：" },
  modelStepForward: { en: "Compute {equation}.", zh: "计算 {equation}。" },
  modelUpdate: {
    en: "For gradient descent with learning rate {rate}, update the parameters only after all derivatives are known: {updates}.",
    zh: "若用梯度下降（学习率为 {rate}），要等所有导数都算出之后再更新参数：{updates}。",
  },
  modelCheck: {
    en: "The derived gradient is evaluated with 64 digits at a random point and compared with central differences of {J} (step {step}), which involve no rule of differentiation:",
    zh: "在随机点上以 64 位有效数字计算推导出的梯度，再与 {J} 的中心差分（步长 {step}）比较。中心差分不依赖任何求导法则：",
  },
  modelCheckSizes: {
    en: "For {sizes}, the derived gradient is evaluated with 64 digits at a random point and compared with central differences of {J} (step {step}), which involve no rule of differentiation:",
    zh: "取 {sizes}，在随机点上以 64 位有效数字计算推导出的梯度，再与 {J} 的中心差分（步长 {step}）比较。中心差分不依赖任何求导法则：",
  },
  modelCheckCut: {
    en: "For sizes smaller than those of the file, {sizes}, the derived gradient is evaluated with 64 digits at a random point and compared with central differences of {J} (step {step}), which involve no rule of differentiation:",
    zh: "取比文件中更小的大小 {sizes}，在随机点上以 64 位有效数字计算推导出的梯度，再与 {J} 的中心差分（步长 {step}）比较。中心差分不依赖任何求导法则：",
  },
  modelCertificate: {
    en: "For each of the {steps} steps of the derivations, both sides were evaluated in {draws} random draws (seed {seed}) in prime fields of at least 61 bits, at random points and, where a size has a name, at random sizes; the derivatives were taken by dual numbers. The probability that a false equality passes a draw is below {chance}. This is testing, not proof.",
    zh: "推导中的 {steps} 步，每一步都随机抽取 {draws} 次（种子 {seed}），在至少 61 比特的素数域中，对随机的取值（用字母表示的大小也随机选取）分别计算等号两边，其中的导数用对偶数计算。错误的等式在一次抽取中侥幸通过的概率小于 {chance}。这只是检验，不是证明。",
  },
} as const satisfies Readonly<Record<string, Words>>;

export const say = (entry: Words, language: Language): string => entry[language];
