import { Matrix } from "./matrix.ts";

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** A toy network for a classifier with independent yes/no outputs (binary cross-entropy). */
export class ToyNetwork {
  weightsIH: Matrix;
  weightsHO: Matrix;
  biasH: Matrix;
  biasO: Matrix;

  constructor(inputs: number, hidden: number, outputs: number) {
    this.weightsIH = Matrix.random(hidden, inputs);
    this.weightsHO = Matrix.random(outputs, hidden);
    this.biasH = Matrix.random(hidden, 1);
    this.biasO = Matrix.random(outputs, 1);
  }

  train(inputArray: number[], targetArray: number[], learningRate: number): void {
    const inputs = Matrix.column(inputArray);
    const hidden = this.weightsIH.dot(inputs).add(this.biasH).map(sigmoid);
    const outputs = this.weightsHO.dot(hidden).add(this.biasO).map(sigmoid);

    // p - y is the gradient of cross-entropy after a sigmoid
    const outputErrors = outputs.sub(Matrix.column(targetArray));
    this.weightsHO = this.weightsHO.sub(outputErrors.dot(hidden.transpose()).scale(learningRate));
    this.biasO = this.biasO.sub(outputErrors.scale(learningRate));

    const hiddenErrors = this.weightsHO.transpose().dot(outputErrors);
    const hiddenGradient = hidden.map((h) => h * (1 - h)).mul(hiddenErrors);
    this.weightsIH = this.weightsIH.sub(hiddenGradient.dot(inputs.transpose()).scale(learningRate));
    this.biasH = this.biasH.sub(hiddenGradient.scale(learningRate));
  }
}
