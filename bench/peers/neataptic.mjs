import neataptic from "neataptic";
import { each, gather } from "./theta.mjs";

const rate = 0.3;

export function prepare({ mode, sizes, layers, theta, x, y }) {
  const net = new neataptic.architect.Perceptron(...sizes);
  let at = 0;
  const nodes = sizes.map((size) => net.nodes.slice(at, (at += size)));
  const incoming = nodes.slice(1).map((layer, l) =>
    layer.map((node) => {
      const connections = new Map(node.connections.in.map((connection) => [connection.from, connection]));
      return nodes[l].map((from) => connections.get(from));
    }),
  );
  each(layers, theta, (l, j, k, value) => {
    if (k === null) nodes[l + 1][j].bias = value;
    else incoming[l][j][k].weight = value;
  });
  const [input, target] = [[...x], [...y]];
  if (mode === "forward") {
    const run = new Function(`${net.standalone()}\nreturn activate;`)();
    let output = [];
    return { step: () => (output = run(input)), found: () => output };
  }
  return {
    step: () => {
      net.activate(input);
      // Accumulates changes and leaves the weights as they are.
      net.propagate(rate, 0, false, target);
    },
    found: () =>
      gather(layers, (l, j, k) =>
        k === null ? -nodes[l + 1][j].totalDeltaBias / rate : -incoming[l][j][k].totalDeltaWeight / rate,
      ),
  };
}
