export { countParameters, optionsText, parseNetwork, sizesText, type Network, type NetworkOptions } from "./network.ts";
