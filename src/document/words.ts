import type { Language, Words } from "../derivation/index.ts";

/** The document's own sentences. `{slot}` stands for a formula; an entry without one language does not compile. */
export const words = {
  title: { en: "Backpropagation for a {sizes} network", zh: "{sizes} 网络的反向传播" },
  introduction: {
    en: "A fully connected network with {count} layers; from input to output they have {list} neurons. Layers are numbered from 1, the input, so the output layer is {last}. All formulas are for a single sample. Every equality below has been evaluated on both sides at random points in a prime field, the partial derivatives by dual numbers, and no counterexample was found.",
    zh: "这是一个 {count} 层的全连接网络，从输入到输出各层的神经元个数依次是 {list}。层从 1 开始编号，第 1 层是输入层，因此输出层是 {last}。所有公式都针对单个样本。下面的每一个等号都在素数域的随机点上对两边分别求值（偏导数用对偶数计算），没有发现反例。",
  },
  notation: { en: "Notation", zh: "记号" },
  symbol: { en: "Symbol", zh: "记号" },
  meaning: { en: "Meaning", zh: "含义" },
  shape: { en: "Shape here", zh: "在本网络中的大小" },
  meaningOfSize: { en: "number of neurons of layer {l}", zh: "第 {l} 层的神经元个数" },
  meaningOfInput: { en: "input; the activation of layer 1", zh: "输入，也就是第 1 层的激活值" },
  meaningOfTarget: { en: "target: what the network should have put out", zh: "真实值，即希望网络给出的输出" },
  meaningOfWeight: {
    en: "weights into layer {l}; {entry} joins neuron {k} of the layer before to neuron {j} of layer {l}",
    zh: "第 {l} 层的权重；{entry} 连接前一层的第 {k} 个神经元和第 {l} 层的第 {j} 个神经元",
  },
  meaningOfBias: { en: "biases of layer {l}", zh: "第 {l} 层的偏置项" },
  meaningOfPreActivation: { en: "pre-activations (weighted sums) of layer {l}", zh: "第 {l} 层的加权和" },
  meaningOfActivation: { en: "activations of layer {l}", zh: "第 {l} 层的激活值" },
  meaningOfFunction: { en: "activation function", zh: "激活函数" },
  meaningOfLoss: { en: "loss of one sample", zh: "单个样本的损失" },
  meaningOfDelta: {
    en: "error of layer {l}: the derivative of the loss with respect to its pre-activations",
    zh: "第 {l} 层的误差，即损失对该层加权和的导数",
  },
  forward: { en: "Forward pass", zh: "前向传播" },
  forwardText: {
    en: "The input is the activation of layer 1. Every further layer takes a weighted sum of the one before and applies the activation function.",
    zh: "输入就是第 1 层的激活值，之后的每一层先对前一层的激活值求加权和，再作用激活函数。",
  },
  activationText: { en: "The activation function and its derivative:", zh: "激活函数及其导数为：" },
  activationOfLayerText: {
    en: "The activation function of layer {l} and its derivative:",
    zh: "第 {l} 层的激活函数及其导数为：",
  },
  lossText: {
    en: "The loss compares the activations of the last layer with the targets:",
    zh: "损失函数把最后一层的激活值与真实值相比较：",
  },
  fourEquations: { en: "The four equations", zh: "反向传播的四个公式" },
  deltaText: {
    en: "Write {delta} for the derivative of the loss with respect to the pre-activation of neuron {j} in layer {l}. It says how strongly the loss changes, and with which sign, when that weighted sum grows. All gradients follow from it.",
    zh: "记 {delta} 为损失对第 {l} 层第 {j} 个神经元的加权和的导数。它表示这个加权和增大时损失如何变化：符号说明增减，大小说明快慢，所有的梯度都可以由它得到。",
  },
  deltaDefinition: { en: "Definition", zh: "定义" },
  fourText: {
    en: "The whole algorithm is in four equations, derived one by one below:",
    zh: "整个算法就是下面四个公式，之后逐个推导：",
  },
  matrixForm: { en: "In matrix form, with a value of shape {shape}:", zh: "写成矩阵形式，结果的大小是 {shape}：" },
  derivation: { en: "Derivation", zh: "推导过程" },
  evaluation: { en: "With the loss and the activation put in:", zh: "代入损失函数和激活函数：" },
  instances: { en: "The equations of this network", zh: "本网络的具体公式" },
  instancesText: {
    en: "With the sizes put in, in the order in which they are evaluated. First the forward pass:",
    zh: "代入各层的大小，按计算的先后顺序列出。先是前向传播：",
  },
  instancesCut: {
    en: "They have been checked on the same network with smaller layers, {cut}, whose derivation takes the same steps.",
    zh: "这些公式是在各层较小的同类网络 {cut} 上检验的，它的推导步骤与本网络完全相同。",
  },
  layerText: { en: "Layer {l}:", zh: "第 {l} 层：" },
  algorithm: { en: "The algorithm", zh: "反向传播算法" },
  algorithmForward: {
    en: "Forward pass: set {input}, then for {layers} compute every {z} and {a}, and keep them.",
    zh: "前向传播：令 {input}，然后对 {layers} 依次计算并保存每个 {z} 和 {a}。",
  },
  algorithmOutput: {
    en: "Compute the error of the output layer by BP1: {equation}.",
    zh: "根据公式一计算输出层的误差：{equation}。",
  },
  algorithmBack: {
    en: "Going backwards through the layers {layers}, compute each error from that of the next layer by BP2: {equation}.",
    zh: "从后往前，对 {layers} 的各层根据公式二由后一层的误差计算这一层的误差：{equation}。",
  },
  algorithmBias: {
    en: "The gradient of every bias is the error itself (BP3): {equation}.",
    zh: "根据公式三，每个偏置项的梯度就是误差本身：{equation}。",
  },
  algorithmWeight: {
    en: "The gradient of every weight is the error at its end times the activation at its start (BP4): {equation}.",
    zh: "根据公式四得到每个权重的梯度，即连接终点的误差乘以起点的激活值：{equation}。",
  },
  algorithmUpdate: {
    en: "For gradient descent with learning rate {rate}, update every parameter only after all gradients are known: {update}.",
    zh: "若用学习率为 {rate} 的梯度下降，要等所有梯度都算出之后再更新每个参数：{update}。",
  },
} as const satisfies Readonly<Record<string, Words>>;

export const say = (entry: Words, language: Language): string => entry[language];
