import { ValueStorage, Variable } from "simplegrad";

export function prepare({ mode, sizes, layers, theta, x, y }) {
  const storage = new ValueStorage();
  const variables = (values) => Array.from(values, () => new Variable(storage));
  // θ, x and y come first, so that they lie side by side at the start of the storage.
  const [weights, inputs, targets] = [theta, x, y].map(variables);
  const output = layers.reduce(
    (from, place) =>
      Array.from({ length: place.outputs }, (_, j) =>
        from
          .reduce(
            (sum, value, k) => sum.add(value.mul(weights[place.weights + place.inputs * j + k])),
            weights[place.biases + j],
          )
          .sigmoid(),
      ),
    inputs,
  );
  const squares = output.map((value, j) => {
    const error = value.sub(targets[j]);
    return error.mul(error);
  });
  const loss = squares.reduce((sum, square) => sum.add(square)).mul(1 / (2 * sizes.at(-1)));
  loss.compile();
  storage.v.set([...theta, ...x, ...y]);
  if (mode === "forward")
    return { step: () => storage.forward(), found: () => output.map((value) => value.getValue()) };
  return {
    step: () => {
      storage.v.set(theta);
      storage.forward();
      storage.gv.fill(0);
      loss.setGradient(1);
      storage.backward();
    },
    found: () => storage.gv.subarray(0, theta.length),
  };
}
