/** What stands for a secret. */
const MASK = '***'
/** Shorter ones are masked only where they stand alone: they may be parts of words. */
const LONG = 8
const SHORTEST = 4
/** Of a secret that a cut went through, so much of its beginning tells nothing. */
const TELLS_NOTHING = 3

/** Query parameters whose value is a key. */
const SECRET_PARAMETER =
  /([?&;](?:[\w.-]*[_.-])?(?:key|apikey|token|secret|password|passwd|pwd|sig|signature|code|auth)=)([^&#\s]+)/gi
/** `name:password@host`, as a proxy may be given. */
const BARE_USER_INFO = /^[^/\s:@]+:[^/\s@]+@[^/\s@]+$/
const USER_INFO = /^((?:\w+:)?(?:[a-z][a-z0-9+.-]*:)?\/\/)([^/?#\s]*)@/i

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
    if (scheme.toLowerCase() === 'basic') this.#add(passwordIn(Buffer.from(bare, 'base64').toString('utf8')))
  }

  /** Takes what is secret of an address: the password, a name that stands alone, values of parameters that hold keys. */
  addAddress(address: string | undefined): void {
    if (address === undefined) return
    const [, , userInfo] = USER_INFO.exec(BARE_USER_INFO.test(address) ? `//${address}` : address) ?? []
    if (userInfo !== undefined) this.#add(passwordIn(userInfo))
    for (const [, , value = ''] of address.matchAll(SECRET_PARAMETER)) this.#add(value)
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

/** An address, or a model's name that holds one, as it may be shown and kept: without name and password. */
export function withoutPassword(address: string): string {
  return address.replace(USER_INFO, `$1${MASK}@`)
}

/** Whether an address holds what must not be stored or shown with it. */
export function holdsPassword(address: string): boolean {
  const [, , userInfo = MASK] = USER_INFO.exec(address) ?? []
  return userInfo !== MASK || address.search(SECRET_PARAMETER) >= 0
}

/** The address as it is to be named: nothing in the place of name and password. */
export function bareAddress(address: string): string {
  return address
    .replace(USER_INFO, '$1')
    .replaceAll(SECRET_PARAMETER, '')
    .replace(/^([^?]*)&/, '$1?')
}

/** The header that a key is sent in. One that names its scheme, `Basic` or `Bearer`, is sent as it is. */
export const authorization = (key: string | undefined): Readonly<Record<string, string>> =>
  key === undefined ? {} : {authorization: /^(Basic|Bearer) /i.test(key) ? key : `Bearer ${key}`}

const passwordIn = (userInfo: string): string => userInfo.slice(userInfo.indexOf(':') + 1)

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
