const MOST_BYTES = 9

/**
 * Numbers in SQLite's form (https://sqlite.org/fileformat2.html#varint): seven bits a byte, the highest first, the top bit set
 * in all but the last; a ninth byte counts whole. Undefined unless the bytes are exactly `count` of them.
 */
export function readVarints(bytes: Uint8Array, count: number): bigint[] | undefined {
  const numbers: bigint[] = []
  let at = 0
  while (numbers.length < count) {
    let value = 0n
    for (let length = 1; ; length++) {
      const byte = bytes[at++]
      if (byte === undefined) return undefined
      if (length === MOST_BYTES) {
        value = (value << 8n) | BigInt(byte)
        break
      }
      value = (value << 7n) | BigInt(byte & 0x7f)
      if (byte < 0x80) break
    }
    numbers.push(BigInt.asIntN(64, value))
  }
  return at === bytes.length ? numbers : undefined
}

/** The reverse, for numbers from 0 to 2^56 - 1, which take at most eight bytes. */
export function writeVarints(numbers: readonly bigint[]): Buffer {
  const bytes: number[] = []
  for (const number of numbers) {
    const own = [Number(number & 0x7fn)]
    for (let rest = number >> 7n; rest > 0n; rest >>= 7n) own.unshift(Number(rest & 0x7fn) | 0x80)
    bytes.push(...own)
  }
  return Buffer.from(bytes)
}
