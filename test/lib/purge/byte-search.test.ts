import {randomBytes} from 'node:crypto'
import {expect} from 'chai'
import fc from 'fast-check'
import {systemDigest} from '../../../src/lib/adapters/system/digest.js'
import type {Remains} from '../../../src/lib/ports/store/purge-log.js'
import {ByteSearch, foundIn} from '../../../src/lib/purge/proof/byte-search.js'
import {NeedleCollector} from '../../../src/lib/purge/proof/make-needles.js'
import {decodeNeedles, NeedleMaker, type NeedleSet} from '../../../src/lib/purge/proof/needle-set.js'
import {createAnalyser} from '../../../src/lib/text/analysis/create-analyser.js'

const SALT = '0123456789abcdef0123456789abcdef'

const setOf = (add: (maker: NeedleMaker) => void): NeedleSet => {
  const maker = new NeedleMaker(systemDigest, SALT)
  add(maker)
  return decodeNeedles(systemDigest, maker.encode())
}

const remains = (text: string, more: Partial<Remains> = {}, vectors: Float32Array[] = []): Remains => ({
  docId: 'd',
  title: '',
  language: 'en',
  metadata: {},
  chunks: [{text, heading: [], metadata: {}, vectors}],
  ...more,
})

async function needlesOf(...all: readonly Remains[]): Promise<NeedleSet> {
  const collector = new NeedleCollector(createAnalyser(), new NeedleMaker(systemDigest, SALT))
  for (const one of all) await collector.add(one)
  return decodeNeedles(systemDigest, collector.encode())
}

const kindsIn = (set: NeedleSet, bytes: Uint8Array | string): string[] =>
  [...new Set([...foundIn(set, Buffer.from(bytes as string))].map(({kind}) => kind))].sort()

describe('the search for bytes', () => {
  it('finds a needle wherever it lies, however the bytes are cut, and nothing else', () => {
    const piece = Buffer.from('these are the four and twenty bytes'.slice(0, 24))
    const term = Buffer.from('xylographquant')
    const set = setOf((maker) => {
      maker.add('text', piece, 1)
      maker.add('terms', term, 2)
    })
    expect(set.size).to.equal(2)
    fc.assert(
      fc.property(
        fc.nat(300),
        fc.array(fc.integer({min: 1, max: 80}), {minLength: 1, maxLength: 12}),
        fc.constantFrom(piece, term),
        (before, cuts, needle) => {
          const bytes = Buffer.concat([randomBytes(before), needle, randomBytes(100)])
          const search = new ByteSearch(set)
          let at = 0
          for (let i = 0; at < bytes.length; i++) {
            const to = at + cuts[i % cuts.length]!
            search.push(bytes.subarray(at, to))
            at = to
          }
          search.end()
          expect([...search.found].map(({group}) => group)).to.deep.equal([needle === piece ? 1 : 2])
        },
      ),
      {numRuns: 300},
    )
    expect(foundIn(set, randomBytes(200_000)).size).to.equal(0)
    expect(foundIn(set, term.subarray(0, -1)).size).to.equal(0)
    expect(foundIn(set, Buffer.alloc(0)).size).to.equal(0)
  })

  it('takes a needle out with all other ways of writing the same', () => {
    const set = setOf((maker) => {
      for (let i = 0; i < 2000; i++) {
        maker.add('terms', Buffer.from(`needle ${i} number`), i >> 1)
        maker.add('terms', Buffer.from(`tiny`), i)
      }
    })
    expect(set.size).to.equal(2000)
    for (let i = 0; i < 2000; i += 2) {
      const bytes = Buffer.from(`a needle ${i} number, so`)
      const found = foundIn(set, bytes)
      if (i % 4 === 0) set.exclude(found)
      expect(found.size > 0, String(i)).to.equal(true)
    }
    expect(set.size).to.equal(1000)
    expect(foundIn(set, Buffer.from('needle 401 number')).size).to.equal(0)
    expect(foundIn(set, Buffer.from('needle 403 number')).size).to.be.greaterThan(0)
  })

  it('any eight words of a text are found, as they are and as JSON writes them', async () => {
    const words = Array.from({length: 200}, (_, i) => `w${'abcdefghij'[i % 10]!}${i % 7}${i}`)
    const text = words.map((word, i) => word + (i % 9 === 8 ? '",\n\t' : ' ')).join('')
    const set = await needlesOf(remains(text))
    for (let i = 0; i + 8 <= words.length; i++) {
      const from = text.indexOf(words[i]!)
      const shingle = text.slice(from, text.indexOf(words[i + 7]!) + words[i + 7]!.length)
      expect(kindsIn(set, shingle), shingle).to.include('text')
      expect(kindsIn(set, JSON.stringify(shingle)), JSON.stringify(shingle)).to.include('text')
    }
    expect(kindsIn(set, 'an entirely different text about nothing in particular')).to.deep.equal([])
  })

  it('so are texts without spaces, headings, titles, values of metadata, stems and ends of terms', async () => {
    const chinese = '港口条约是由飞行员和他的狗在潮湿的早晨在河边的旧市政厅签署的'
    const set = await needlesOf(
      remains(chinese, {language: 'zh'}),
      remains('plain', {
        title: 'Vundlemork',
        metadata: {owner: 'Qintarzeph', tags: ['Blorfendale', 7 as never]},
        chunks: [
          {
            text: 'walking xylographquants',
            heading: ['Morblefrust'],
            metadata: {k: 'Zanderquist'},
            vectors: [],
          },
        ],
      }),
    )
    expect(kindsIn(set, chinese.slice(6, 20))).to.include('text')
    const words = ['Vundlemork', 'vundlemork', 'Qintarzeph', 'Blorfendale', 'Morblefrust', 'Zanderquist']
    for (const word of words) expect(kindsIn(set, `\0${word}\0`), word).to.deep.equal(['terms'])
    expect(
      kindsIn(set, '\u0003ographqu\u0001'),
      'as FTS5 writes a stem after one that begins alike',
    ).to.deep.equal(['terms'])
    expect(kindsIn(set, 'plainness')).to.deep.equal([])
  })

  it('vectors are found as they are, of unit length and in eight bits; zeros are nobody’s', async () => {
    const vector = Float32Array.from({length: 32}, (_, i) => Math.sin(i * 7.3) * 3)
    const set = await needlesOf(
      remains('', {}, [
        vector,
        new Float32Array(32),
        new Float32Array(32).fill(1),
        new Float32Array(3).fill(0.3),
      ]),
    )
    const bytesOf = ({buffer, byteOffset, byteLength}: ArrayBufferView): Buffer =>
      Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength)
    const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
    const most = Math.max(...vector.map(Math.abs))
    const forms = [
      vector,
      vector.map((value) => value * (1 / norm)),
      Int8Array.from(vector, (value) => Math.round((value * 127) / most)),
    ]
    for (const form of forms) expect(kindsIn(set, bytesOf(form))).to.deep.equal(['vectors'])
    // A page of a database may cut it anywhere.
    expect(kindsIn(set, bytesOf(vector).subarray(0, 100))).to.deep.equal(['vectors'])
    expect(kindsIn(set, bytesOf(vector).subarray(10))).to.deep.equal(['vectors'])
    expect(kindsIn(set, new Uint8Array(1000))).to.deep.equal([])
    expect(kindsIn(set, bytesOf(new Float32Array(100).fill(1)))).to.deep.equal([])
  })

  it('keeps no word of what it looks for', async () => {
    const collector = new NeedleCollector(createAnalyser(), new NeedleMaker(systemDigest, SALT))
    await collector.add(
      remains('the Xylographquant treaty of the harbour was signed by nobody but the pilot'),
    )
    const text = Buffer.from(collector.encode()).toString('latin1')
    expect(text).not.to.match(/treaty|harbour|xylog/i)
    expect(text.startsWith(SALT)).to.equal(true)
  })

  it('reads a hundred million bytes in bounded time and memory', async function () {
    this.timeout(60_000)
    const set = await needlesOf(
      remains(Array.from({length: 20_000}, (_, i) => `word${i} other${i % 97}`).join(' ')),
    )
    const piece = randomBytes(1_000_000)
    const search = new ByteSearch(set)
    const startedAt = performance.now()
    for (let i = 0; i < 100; i++) search.push(piece)
    search.end()
    const seconds = (performance.now() - startedAt) / 1000
    console.log(`      ${set.size} needles, ${Math.round(100 / seconds)} MB/s`)
    expect(search.found.size).to.equal(0)
    expect(seconds).to.be.lessThan(30)
  })
})
