import {expect} from 'chai'
import fc from 'fast-check'
import {systemDigest} from '../../../src/lib/adapters/system/digest.js'
import {ContentHashes} from '../../../src/lib/replay/reading/content-hashes.js'

describe('ContentHashes', () => {
  it('knows what it has met as a set does: hashes of any form, also those that begin alike', () => {
    const hash = fc.oneof(
      fc.constantFrom(
        '0'.repeat(64),
        'f'.repeat(64),
        'abcdef01',
        'ABCDEF01',
        systemDigest.sha256('abcdef01'),
      ),
      fc.integer({min: 0, max: 50}).map((n) => systemDigest.sha256(String(n))),
      fc.integer({min: 0, max: 50}).map((n) => `${'0'.repeat(8)}${systemDigest.sha256(String(n)).slice(8)}`),
      fc.string({minLength: 8, maxLength: 20}),
    )
    fc.assert(
      fc.property(fc.array(hash, {maxLength: 200}), (hashes) => {
        const known = new Set<string>()
        const met = new ContentHashes(systemDigest)
        for (const one of hashes) {
          expect(met.add(one)).to.equal(!known.has(one))
          known.add(one)
          expect(met.size).to.equal(known.size)
        }
        met.clear()
        for (const one of known) expect(met.add(one)).to.equal(true)
      }),
    )
  })

  it('tells given ones apart by any of their digits: numbers with zeros before or behind them are no duplicates', () => {
    for (const hashOf of [
      (n: number) => n.toString(16).padStart(64, '0'),
      (n: number) => n.toString(16).padEnd(63, '0') + '1',
      (n: number) => `${n.toString(16).padStart(32, '0')}${'f'.repeat(32)}`,
      (n: number) => `${'a'.repeat(8)}${n.toString(16).padStart(8, '0').repeat(7)}`,
    ]) {
      const hashes = new Set(Array.from({length: 50_000}, (_, n) => hashOf(n + 1)))
      const met = new ContentHashes(systemDigest)
      const start = performance.now()
      expect([...hashes].every((hash) => met.add(hash))).to.equal(true)
      expect(met.size).to.equal(hashes.size)
      // What begins alike stands in places of its own all the same.
      expect(performance.now() - start).to.be.lessThan(5000)
    }
  })

  it('keeps all of many', () => {
    const met = new ContentHashes(systemDigest)
    const hashes = Array.from({length: 5000}, (_, n) => systemDigest.sha256(String(n)))
    expect(hashes.every((hash) => met.add(hash))).to.equal(true)
    expect(hashes.some((hash) => met.add(hash))).to.equal(false)
    expect(met.size).to.equal(hashes.length)
  })
})
