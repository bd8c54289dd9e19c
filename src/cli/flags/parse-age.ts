const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
}

/** Milliseconds of a time as people write it: `90s`, `30m`, `12h`, `30d`, `2w`; undefined for anything else. */
export function parseAge(raw: string): number | undefined {
  const found = /^(\d{1,9}(?:\.\d{1,3})?)\s*([smhdw])$/.exec(raw.trim())
  return found ? Number(found[1]) * UNITS[found[2]!]! : undefined
}
