// Everything in one go: a function that makes a network, one that teaches it.
export const makeNet = (sizes) =>
  sizes.slice(1).map((n, l) =>
    Array.from({ length: n }, () => ({
      w: Array.from({ length: sizes[l] }, () => Math.random() - 0.5),
      b: Math.random() - 0.5,
    })),
  );

export function forward(net, x) {
  for (const layer of net) {
    for (const n of layer) {
      n.z = n.b;
      for (let i = 0; i < x.length; i++) n.z += n.w[i] * x[i];
      n.a = 1 / (1 + Math.exp(-n.z));
    }
    x = layer.map((n) => n.a);
  }
  return x;
}

export function teach(net, x, y, rate) {
  forward(net, x);
  for (let l = net.length - 1; l >= 0; l--) {
    for (let j = 0; j < net[l].length; j++) {
      const n = net[l][j];
      let e = 0;
      if (l === net.length - 1) e = y[j] - n.a;
      else for (const next of net[l + 1]) e += next.w[j] * next.d;
      n.d = e * n.a * (1 - n.a);
    }
  }
  for (let l = 0; l < net.length; l++) {
    const input = l === 0 ? x : net[l - 1].map((n) => n.a);
    for (const n of net[l]) {
      for (let i = 0; i < input.length; i++) {
        n.w[i] += rate * n.d * input[i];
        n.b += rate * n.d;
      }
    }
  }
}
