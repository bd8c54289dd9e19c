import {
  closeSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'

export type DamageKind = 'flip' | 'truncate' | 'delete' | 'append' | 'zero' | 'swap'

export const DAMAGE_KINDS: readonly DamageKind[] = ['flip', 'truncate', 'delete', 'append', 'zero', 'swap']

/** Damages the first file (for a swap: both). Returns the files that are not what they were. */
export function damage(
  kind: DamageKind,
  [file, other]: readonly [string, string | undefined],
  random: () => number,
): readonly string[] {
  const size = statSync(file).size
  const below = (limit: number): number => Math.floor(random() * limit)
  switch (kind) {
    case 'flip': {
      overwrite(file, below(size), (byte) => byte ^ (1 << below(8)))
      return [file]
    }
    case 'truncate': {
      truncateSync(file, below(size))
      return [file]
    }
    case 'delete': {
      unlinkSync(file)
      return [file]
    }
    case 'append': {
      writeFileSync(file, Buffer.from(Array.from({length: 1 + below(64)}, () => below(256))), {flag: 'a'})
      return [file]
    }
    case 'zero': {
      // A block that the disk lost. One byte at least is another one then.
      const at = below(size)
      const bytes = readFileSync(file)
      if (bytes.subarray(at, at + 512).every((byte) => byte === 0))
        return damage('flip', [file, other], random)
      bytes.fill(0, at, Math.min(size, at + 512))
      writeFileSync(file, bytes)
      return [file]
    }
    case 'swap': {
      if (other === undefined || readFileSync(file).equals(readFileSync(other)))
        return damage('flip', [file, other], random)
      renameSync(file, `${file}.swap`)
      renameSync(other, file)
      renameSync(`${file}.swap`, other)
      return [file, other]
    }
  }
}

function overwrite(file: string, at: number, change: (byte: number) => number): void {
  const byte = readFileSync(file)[at]!
  const handle = openSync(file, 'r+')
  try {
    writeSync(handle, Uint8Array.of(change(byte)), 0, 1, at)
  } finally {
    closeSync(handle)
  }
}
