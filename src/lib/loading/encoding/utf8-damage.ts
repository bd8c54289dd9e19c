/** How far bytes are built like UTF-8. */
export interface Utf8Damage {
  /**
   * Sequences of a lead byte and the right number of followers; overlong forms and surrogates count too. So does a last sequence
   * that is right as far as it goes, when followers are there or other sequences before it.
   */
  readonly built: number
  /** Bytes over 0x7F that belong to no such sequence. */
  readonly stray: number
}

/** Measures how far bytes are built like UTF-8, in one pass. */
export function utf8Damage(bytes: Uint8Array): Utf8Damage {
  let built = 0
  let stray = 0
  let at = 0
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0
    at++
    if (lead < 0x80) continue
    const followers = followersOf(lead)
    const found = countFollowers(bytes, at, followers)
    const isCut = at + found >= bytes.length && (found > 0 || built > 0)
    if (followers > 0 && (found === followers || isCut)) {
      built++
      at += found
    } else stray++
  }
  return {built, stray}
}

function countFollowers(bytes: Uint8Array, from: number, most: number): number {
  let found = 0
  while (found < most && ((bytes[from + found] ?? 0) & 0xc0) === 0x80) found++
  return found
}

/** The number of followers a lead byte asks for; forms over four bytes are of the UTF-8 of old. 0 for a byte that leads nothing. */
function followersOf(lead: number): number {
  if (lead < 0xc0) return 0
  if (lead < 0xe0) return 1
  if (lead < 0xf0) return 2
  if (lead < 0xf8) return 3
  if (lead < 0xfc) return 4
  return lead < 0xfe ? 5 : 0
}
