export {
  countParameters,
  optionsText,
  parseNetwork,
  sizesText,
  type Network,
  type NetworkOptions,
  type Penalties,
} from "./network.ts";
