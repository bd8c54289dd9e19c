const SAMPLE_BYTES = 16_384

/**
 * Tells UTF-16 text without a byte order mark. Most text has spaces and line ends, whose high byte is NUL, so NULs stand (nearly)
 * only at odd places (little-endian) or at even ones; what comes out of decoding must then be characters in use and hardly a control.
 */
export function utf16WithoutMark(bytes: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const sample = bytes.subarray(0, SAMPLE_BYTES)
  let even = 0
  let odd = 0
  for (let at = sample.indexOf(0); at >= 0; at = sample.indexOf(0, at + 1)) {
    if (at % 2 === 0) even++
    else odd++
  }
  const most = Math.max(even, odd)
  // One unit in fifty at least: a stray NUL does not make a file UTF-16.
  if (most * 50 < sample.length / 2 || Math.min(even, odd) * 20 > most) return undefined
  const encoding = odd > even ? 'utf-16le' : 'utf-16be'
  const whole = sample.subarray(0, sample.length - (sample.length % 2))
  return looksLikeText(new TextDecoder(encoding).decode(whole)) ? encoding : undefined
}

function looksLikeText(text: string): boolean {
  const strange = text.match(/[\p{Cn}\p{Co}\uFFFD]|(?![\t\n\r\f])\p{Cc}/gu)?.length ?? 0
  return strange * 50 <= text.length
}
