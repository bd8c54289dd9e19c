import {MASK, passwordOf, secretsIn} from './addresses.js'

/** Shorter ones are masked only where they stand alone: they may be parts of words. */
const LONG = 8
const SHORTEST = 4
/** Of a secret that a cut went through, so much of its beginning tells nothing. */
const TELLS_NOTHING = 3

/**
 * The secrets that a process knows: keys, tokens, passwords in addresses. They are masked in whatever is told or kept of messages and of what
 * services answer; also in JSON, URL-encoded, or in base64 with anything around them.
 */
export class SecretRegister {
  readonly #long = new Set<string>()
  readonly #short = new Set<string>()
  #pattern: RegExp | undefined

  /** Takes a key, with or without the word for its scheme before it. A single plain word is a placeholder, as local services want one. */
  addKey(key: string | undefined): void {
    const [, scheme = '', bare = ''] = /^(?:(Basic|Bearer)\s+)?(.*)$/is.exec(key?.trim() ?? '') ?? []
    if (/^[a-z]{1,11}$/i.test(bare)) return
    this.#add(bare)
    if (scheme.toLowerCase() === 'basic') this.#add(passwordOf(Buffer.from(bare, 'base64').toString('utf8')))
  }

  /** Takes what is secret of an address: the password, a name that stands alone, values of parameters that hold keys. */
  addAddress(address: string | undefined): void {
    if (address !== undefined) for (const secret of secretsIn(address)) this.#add(secret)
  }

  /** A text with all secrets masked. */
  mask(text: string): string {
    this.#pattern ??= this.#compiled()
    return this.#pattern ? text.replaceAll(this.#pattern, MASK) : text
  }

  /** The same for the beginning of a longer text: also a secret that it ends in the middle of is masked. */
  maskCut(text: string): string {
    const masked = this.mask(text)
    const held = this.#heldAt(masked)
    return held <= TELLS_NOTHING ? masked : `${masked.slice(0, -held)}${MASK}`
  }

  /** Masks a text that comes in pieces; what may be the beginning of a secret is held back until it is known. */
  inPieces(): {push(piece: string): string; end(): string} {
    let held = ''
    return {
      push: (piece) => {
        const text = this.mask(held + piece)
        const kept = this.#heldAt(text)
        held = kept === 0 ? '' : text.slice(-kept)
        return kept === 0 ? text : text.slice(0, -kept)
      },
      end: () => {
        const rest = this.maskCut(held)
        held = ''
        return rest
      },
    }
  }

  #add(secret: string): void {
    const into = secret.length >= LONG ? this.#long : this.#short
    if (secret.length < SHORTEST || into.has(secret)) return
    into.add(secret)
    const decoded = decodedUrl(secret)
    if (decoded !== secret) this.#add(decoded)
    this.#pattern = undefined
  }

  /** Length of the longest end of a text that a secret may begin with. */
  #heldAt(text: string): number {
    let most = 0
    for (const form of this.#forms())
      for (let length = Math.min(form.length - 1, text.length); length > most; length--)
        if (text.endsWith(form.slice(0, length))) most = length
    return most
  }

  #forms(): readonly string[] {
    return [...this.#long].flatMap(formsOf)
  }

  #compiled(): RegExp | undefined {
    const long = this.#forms()
      .toSorted((a, b) => b.length - a.length)
      .map(literal)
    const short = [...this.#short].map((secret) => `(?<![\\p{L}\\p{N}])${literal(secret)}(?![\\p{L}\\p{N}])`)
    const all = [...long, ...short]
    return all.length === 0 ? undefined : new RegExp(all.join('|'), 'gu')
  }
}

/** Those of this process. Filled where settings and options are read. */
export const knownSecrets = new SecretRegister()

const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)

function decodedUrl(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A secret as it may stand in a text. */
function formsOf(secret: string): readonly string[] {
  const url = encodeURIComponent(secret)
  const lowered = url.replaceAll(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase())
  const json = JSON.stringify(secret).slice(1, -1)
  const base64 = base64Cores(secret)
  const urlBase64 = base64.map((core) => core.replaceAll('+', '-').replaceAll('/', '_'))
  return [...new Set([secret, url, lowered, url.replaceAll('%20', '+'), json, ...base64, ...urlBase64])]
}

/** What base64 of a text that holds the secret has in any case, at each of the three places where it can begin in a group. */
function base64Cores(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, 'utf8')
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const ownBits = Math.ceil((before * 8) / 6)
    const whole = Math.floor(((before + bytes.length) * 8) / 6)
    return encoded.slice(ownBits, whole)
  })
}
