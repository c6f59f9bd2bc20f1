/** The names of the derivation in code, with the layer's number behind them. */
const kinds = {
  delta: "∂J/∂z",
  z: "pre-activations",
  W: "weights",
  b: "biases",
  a: "activations",
  da: "∂J/∂a",
  dW: "∂J/∂W",
  db: "∂J/∂b",
} as const;
type Kind = keyof typeof kinds;

/**
 * What the names in code of the derivation mean, the last layer first: `delta3 is ∂J/∂z of layer 3, W3 its weights`.
 * Null where the code has none.
 */
export function namesText(code: string): string | null {
  const order = Object.keys(kinds);
  const found = [...new Set(code.match(/\b(delta|d?[abW]|z)\d+\b/g))]
    .map((name) => ({ name, kind: name.replace(/\d+$/, "") as Kind, layer: Number(/\d+$/.exec(name)?.[0]) }))
    .filter(({ kind }) => kind in kinds)
    .sort((a, b) => b.layer - a.layer || order.indexOf(a.kind) - order.indexOf(b.kind));
  if (found.length === 0) return null;
  const parts = found.map(({ name, kind, layer }, i) => {
    const what = kinds[kind];
    const verb = i === 0 ? (what.startsWith("∂") ? " is" : " are") : "";
    if (layer === found[i - 1]?.layer) return `${name}${verb} its ${what}`;
    return `${name}${verb} ${what.startsWith("∂") ? "" : "the "}${what} of layer ${layer}`;
  });
  return parts.join(", ");
}
