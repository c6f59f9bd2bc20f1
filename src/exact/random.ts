/** A deterministic source of 64-bit integers (SplitMix64, Steele, Lea and Flood 2014). */
export interface Random {
  /** Uniform in 0 … 2^64−1. */
  readonly bits: () => bigint;
  /** A whole number in least … most, both included. */
  readonly whole: (least: number, most: number) => number;
  /** A double in least … most. */
  readonly real: (least: number, most: number) => number;
}

export function seeded(seed: number): Random {
  const source = new SplitMix(BigInt(seed));
  return {
    bits: () => source.bits(),
    whole: (least, most) => least + Number(source.bits() % BigInt(most - least + 1)),
    real: (least, most) => least + source.fraction() * (most - least),
  };
}

/** In halves of 32 bits with a sign: whole numbers of 64 are several times slower, and those without one are doubles. */
class SplitMix {
  private stateHigh: number;
  private stateLow: number;
  private high = 0;
  private low = 0;
  private readonly word = new DataView(new ArrayBuffer(8));

  constructor(seed: bigint) {
    this.stateHigh = Number(BigInt.asIntN(32, seed >> 32n));
    this.stateLow = Number(BigInt.asIntN(32, seed));
  }

  bits(): bigint {
    this.next();
    this.word.setInt32(0, this.high);
    this.word.setInt32(4, this.low);
    return this.word.getBigUint64(0);
  }

  /** The upper 53 bits. */
  fraction(): number {
    this.next();
    return ((this.high >>> 0) * 2 ** 21 + (this.low >>> 11)) / 2 ** 53;
  }

  private next(): void {
    const low = (this.stateLow + 0x7f4a7c15) | 0;
    const carry = low >>> 0 < 0x7f4a7c15 ? 1 : 0;
    this.stateHigh = (this.stateHigh + 0x9e3779b9 + carry) | 0;
    this.stateLow = low;
    this.high = this.stateHigh;
    this.low = low;
    this.mix(30);
    this.multiply(0xbf58476d, 0x1ce4e5b9);
    this.mix(27);
    this.multiply(0x94d049bb, 0x133111eb);
    this.mix(31);
  }

  /** z ^ (z >> by) */
  private mix(by: number): void {
    const { high, low } = this;
    this.low = low ^ ((low >>> by) | (high << (32 - by)));
    this.high = high ^ (high >>> by);
  }

  /** The lower 64 bits of the product. */
  private multiply(high: number, low: number): void {
    const a = this.low >>> 16;
    const b = this.low & 0xffff;
    const c = low >>> 16;
    const d = low & 0xffff;
    const middle = a * d + b * c + ((b * d) >>> 16);
    const upper = Math.imul(a, c) + Math.floor(middle / 2 ** 16);
    const crossed = Math.imul(this.high, low) + Math.imul(this.low, high);
    this.high = (upper + crossed) | 0;
    this.low = Math.imul(this.low, low);
  }
}
