import brain from "brain.js";
import { prepareBrain } from "./brain.mjs";

export const prepare = (occasion) => prepareBrain(brain.NeuralNetwork, occasion);
