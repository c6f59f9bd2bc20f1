import { Matrix } from "./matrix.ts";

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const dsigmoid = (y: number): number => y * (1 - y);

/** The toy network of a well-known video course, rewritten. */
export class NeuralNetwork {
  weightsIH: Matrix;
  weightsHO: Matrix;
  biasH: Matrix;
  biasO: Matrix;
  learningRate = 0.1;

  constructor(inputNodes: number, hiddenNodes: number, outputNodes: number) {
    this.weightsIH = Matrix.random(hiddenNodes, inputNodes);
    this.weightsHO = Matrix.random(outputNodes, hiddenNodes);
    this.biasH = Matrix.random(hiddenNodes, 1);
    this.biasO = Matrix.random(outputNodes, 1);
  }

  feedForward(inputs: Matrix): { hidden: Matrix; outputs: Matrix } {
    const hidden = this.weightsIH.dot(inputs).add(this.biasH).map(sigmoid);
    const outputs = this.weightsHO.dot(hidden).add(this.biasO).map(sigmoid);
    return { hidden, outputs };
  }

  train(inputArray: number[], targetArray: number[]): void {
    const inputs = Matrix.column(inputArray);
    const { hidden, outputs } = this.feedForward(inputs);

    // ERROR = TARGETS - OUTPUTS
    const outputErrors = Matrix.column(targetArray).sub(outputs);
    const gradients = outputs.map(dsigmoid).mul(outputErrors).scale(this.learningRate);
    const deltasHO = gradients.dot(hidden.transpose());

    const hiddenErrors = this.weightsHO.transpose().dot(outputErrors);
    const hiddenGradient = hidden.map(dsigmoid).mul(hiddenErrors).scale(this.learningRate);
    const deltasIH = hiddenGradient.dot(inputs.transpose());

    this.weightsHO = this.weightsHO.add(deltasHO);
    this.biasO = this.biasO.add(gradients);
    this.weightsIH = this.weightsIH.add(deltasIH);
    this.biasH = this.biasH.add(hiddenGradient);
  }
}
