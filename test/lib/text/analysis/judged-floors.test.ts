import {existsSync} from 'node:fs'
import {expect} from 'chai'
import {createAnalyser} from '../../../../src/lib/text/analysis/create-analyser.js'
import {FLOORS, JUDGED_DIR, measure, readCollection} from './judged-collection.js'

/** The quick ones; `scripts/bm25-judged.ts` measures all. */
const QUICK = new Set(['xquad/en', 'xquad/th', 'xquad/zh', 'xquad/ru'])

describe('keyword search on judged collections', () => {
  for (const {name, language, floor} of FLOORS.filter((entry) => QUICK.has(entry.name))) {
    it(`reaches nDCG@10 ${floor} on ${name}`, async function () {
      if (!existsSync(JUDGED_DIR)) {
        console.log(`      skipped: ${JUDGED_DIR} is absent`)
        this.skip()
      }
      const analyser = createAnalyser()
      await analyser.prepare([language])
      expect(measure(readCollection(name), analyser, language).ndcg).to.be.at.least(floor)
    })
  }
})
