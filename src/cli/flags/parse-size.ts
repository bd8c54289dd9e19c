const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
}

/** Bytes of a size as people write it: `64MB`, `1.5g`, `512 KiB`, `1048576`. K, M, G, T are powers of 1024. Undefined when it is none. */
export function parseSize(raw: string): number | undefined {
  const match = /^(\d{1,15}(?:\.\d{1,6})?) ?(?:([kmgt])(?:i?b)?|(b))?$/i.exec(raw.trim())
  if (match === null) return undefined
  const bytes = Math.round(Number(match[1]) * (UNITS[(match[2] ?? '').toLowerCase()] ?? 1))
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : undefined
}
