import {expect} from 'chai'
import fc from 'fast-check'
import {bareAddress, holdsPassword, withoutPassword} from '../../../src/lib/model/secrets/addresses.js'
import {SecretRegister} from '../../../src/lib/model/secrets/known-secrets.js'

const KEY = 'sk-SECRETKEY-1234567890abc/+"é def'

function knowing(...keys: string[]): SecretRegister {
  const register = new SecretRegister()
  for (const key of keys) register.addKey(key)
  return register
}

/** Ways in which a service may repeat a secret. */
const WAYS: Readonly<Record<string, (secret: string, around: string) => string>> = {
  plain: (secret) => secret,
  json: (secret) => JSON.stringify({a: secret}),
  url: (secret) => encodeURIComponent(`Bearer ${secret}`),
  'url, lower case': (secret) => encodeURIComponent(secret).replaceAll(/%../g, (hex) => hex.toLowerCase()),
  base64: (secret, around) => Buffer.from(around + secret + around).toString('base64'),
  'base64 for addresses': (secret, around) => Buffer.from(around + secret + around).toString('base64url'),
}

/** A piece of the secret that is long enough to tell it. */
function tells(text: string, secret: string): boolean {
  for (let i = 0; i + 8 <= secret.length; i++) if (text.includes(secret.slice(i, i + 8))) return true
  return /[A-Za-z0-9+/_-]{16,}/.test(text) && Buffer.from(text, 'base64').toString('latin1').includes(secret)
}

describe('secrets', () => {
  const secret = fc
    .string({minLength: 12, maxLength: 60, unit: 'grapheme-ascii'})
    .filter(
      (text) => text.trim() === text && !/^[a-z]{1,11}$/i.test(text) && !/^(basic|bearer)\s/i.test(text),
    )
  // Of another alphabet: what stands around must not complete what was masked.
  const noise = fc.string({unit: fc.constantFrom('ж', 'д', ' ', '\n', '·'), maxLength: 40})

  for (const [way, write] of Object.entries(WAYS))
    it(`are masked wherever they stand in a text: ${way}`, () => {
      fc.assert(
        fc.property(secret, noise, noise, (key, before, after) => {
          const masked = knowing(key).mask(before + write(key, before) + after)
          expect(tells(masked, key), masked).to.equal(false)
          expect(masked).to.contain('***')
        }),
        {numRuns: 150},
      )
    })

  it('are masked in a text that comes in pieces, and none of the rest is lost', () => {
    fc.assert(
      fc.property(
        noise,
        noise,
        fc.array(fc.integer({min: 1, max: 7}), {minLength: 1}),
        (before, after, sizes) => {
          const text = `${before}${KEY}${after} sk-SECOND`
          const masker = knowing(KEY).inPieces()
          let shown = ''
          for (let at = 0, i = 0; at < text.length; i++) {
            const size = sizes[i % sizes.length]!
            shown += masker.push(text.slice(at, at + size))
            at += size
          }
          expect(shown + masker.end()).to.equal(`${before}***${after} sk-SECOND`)
        },
      ),
      {numRuns: 100},
    )
  })

  it('are masked when a cut went through them', () => {
    const text = `the key ${KEY}`
    for (let length = 1; length <= KEY.length; length++) {
      const cut = knowing(KEY).maskCut(text.slice(0, 8 + length))
      if (length > 3) expect(cut, cut).to.equal('the key ***')
    }
    expect(knowing(KEY).maskCut('no key at all')).to.equal('no key at all')
  })

  it('are known by their address, their scheme, or their parameter', () => {
    const register = new SecretRegister()
    register.addAddress('http://ann:p%40ssw0rd-long@host:80/x')
    register.addAddress('https://host/x?model=a&api_key=K3Y-in-a-query')
    register.addAddress('bob:proxy-pa55word@proxy:3128')
    register.addKey(`Basic ${Buffer.from('carl:basic-pa55word').toString('base64')}`)
    const text = 'p%40ssw0rd-long p@ssw0rd-long K3Y-in-a-query proxy-pa55word basic-pa55word model=a'
    expect(register.mask(text)).to.equal('*** *** *** *** *** model=a')
  })

  it('are no plain words, as local services take for keys, and short ones are no parts of words', () => {
    const register = knowing('EMPTY', 'ollama', 'none', 'abc')
    expect(register.mask('ollama:llama3 is EMPTY, none, abc')).to.equal('ollama:llama3 is EMPTY, none, abc')
    register.addAddress('http://u:pass1@host')
    expect(register.mask('pass1 compass1 (pass1)')).to.equal('*** compass1 (***)')
  })
})

describe('an address with a password', () => {
  it('is told from others, shown without it, and named without it', () => {
    for (const address of [
      'http://u:pw@host/embed',
      'tei:https://u:p@w@host',
      'http://token@host',
      'http://host/?key=abc',
    ])
      expect(holdsPassword(address), address).to.equal(true)
    for (const address of [
      'http://host/embed',
      'openai:text-3',
      'tei:http://host',
      'owner/name',
      'http://***@host/x',
      'http://host/a@b',
    ])
      expect(holdsPassword(address), address).to.equal(false)
    expect(withoutPassword('tei:http://u:p@w@host/x')).to.equal('tei:http://***@host/x')
    expect(bareAddress('http://u:pw@host/x?api_key=K&model=m')).to.equal('http://host/x?model=m')
  })
})
