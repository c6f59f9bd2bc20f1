import tf from "@tensorflow/tfjs";
import { prepareTensors } from "./tfjs.mjs";

export async function prepare(occasion) {
  await tf.setBackend("cpu");
  return prepareTensors(occasion);
}
