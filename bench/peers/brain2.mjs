import brain from "brain2";
import { prepareBrain } from "./brain.mjs";

export const prepare = (occasion) => prepareBrain(brain.NeuralNetwork, occasion);
