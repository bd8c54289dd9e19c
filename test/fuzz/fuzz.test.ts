import {existsSync, readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {faultOf, fuzz} from './fuzz.js'
import {TARGETS} from './targets.js'

const FOUND = path.resolve('test/fuzz/found')
const FOR_MS = 2000

/** A short run of what `npm run fuzz` does for as long as is wanted. RAG_FUZZ_SEED repeats one. */
describe('fuzzing', function () {
  this.timeout(120_000)
  const seed = Number(process.env['RAG_FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

  for (const target of TARGETS) {
    it(`${target.name}: whatever the bytes are, a value or a refusal`, async () => {
      const {runs, blocks, kept, findings} = await fuzz(target, {seed, forMs: FOR_MS})
      console.log(`      seed ${seed}: ${runs} runs, ${blocks} blocks, ${kept} inputs kept`)
      expect(
        findings.map(({input, why}) => `${Buffer.from(input).toString('base64')}: ${why}`),
      ).to.deep.equal([])
      expect(runs).to.be.greaterThan(50)
    })

    it(`${target.name}: what was found once stays mended`, async () => {
      const folder = path.join(FOUND, target.name)
      const names = existsSync(folder) ? readdirSync(folder) : []
      for (const name of names)
        expect(await faultOf(target, readFileSync(path.join(folder, name))), name).to.equal(undefined)
    })
  }

  it('notices what is neither', async () => {
    const target = {
      name: 'broken',
      corpus: () => Promise.resolve([Buffer.from('abc')]),
      run: (input: Uint8Array) => {
        if (input[0] !== 0x61) throw new TypeError('a bug')
      },
    }
    const {findings} = await fuzz(target, {seed: 1, forMs: 2000})
    expect(findings.map(({why}) => why.split('\n')[0])).to.deep.equal(['TypeError: a bug'])
  })
})
