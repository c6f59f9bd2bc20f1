/** A deterministic source of 64-bit integers (SplitMix64, Steele, Lea and Flood 2014). */
export interface Random {
  /** Uniform in 0 … 2^64−1. */
  readonly bits: () => bigint;
  /** A whole number in least … most, both included. */
  readonly whole: (least: number, most: number) => number;
  /** A double in least … most. */
  readonly real: (least: number, most: number) => number;
}

const mask = (1n << 64n) - 1n;

export function seeded(seed: number): Random {
  let state = BigInt(seed) & mask;
  const bits = (): bigint => {
    state = (state + 0x9e3779b97f4a7c15n) & mask;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
    return z ^ (z >> 31n);
  };
  return {
    bits,
    whole: (least, most) => least + Number(bits() % BigInt(most - least + 1)),
    real: (least, most) => least + (Number(bits() >> 11n) / 2 ** 53) * (most - least),
  };
}
