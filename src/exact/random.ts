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

/** In halves of 32 bits: whole numbers of 64 are several times slower. */
class SplitMix {
  private readonly state: [high: number, low: number];
  private high = 0;
  private low = 0;
  private readonly word = new DataView(new ArrayBuffer(8));

  constructor(seed: bigint) {
    this.state = [Number(BigInt.asUintN(32, seed >> 32n)), Number(BigInt.asUintN(32, seed))];
  }

  bits(): bigint {
    this.next();
    this.word.setUint32(0, this.high);
    this.word.setUint32(4, this.low);
    return this.word.getBigUint64(0);
  }

  /** The upper 53 bits. */
  fraction(): number {
    this.next();
    return (this.high * 2 ** 21 + (this.low >>> 11)) / 2 ** 53;
  }

  private next(): void {
    const low = this.state[1] + 0x7f4a7c15;
    this.state[0] = (this.state[0] + 0x9e3779b9 + (low >= 2 ** 32 ? 1 : 0)) >>> 0;
    this.state[1] = low >>> 0;
    [this.high, this.low] = this.state;
    this.mix(30);
    this.multiply(0xbf58476d, 0x1ce4e5b9);
    this.mix(27);
    this.multiply(0x94d049bb, 0x133111eb);
    this.mix(31);
  }

  /** z ^ (z >> by) */
  private mix(by: number): void {
    const { high, low } = this;
    this.low = (low ^ ((low >>> by) | (high << (32 - by)))) >>> 0;
    this.high = (high ^ (high >>> by)) >>> 0;
  }

  /** The lower 64 bits of the product. */
  private multiply(high: number, low: number): void {
    const [a, b, c, d] = [this.low >>> 16, this.low & 0xffff, low >>> 16, low & 0xffff];
    const middle = a * d + b * c + ((b * d) >>> 16);
    const carried = a * c + Math.floor(middle / 2 ** 16) + Math.imul(this.high, low) + Math.imul(this.low, high);
    this.low = ((middle << 16) | ((b * d) & 0xffff)) >>> 0;
    this.high = carried >>> 0;
  }
}
