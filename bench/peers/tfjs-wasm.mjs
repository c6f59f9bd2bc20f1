import tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { prepareTensors } from "./tfjs.mjs";

export async function prepare(occasion) {
  await tf.setBackend("wasm");
  return prepareTensors(occasion);
}
