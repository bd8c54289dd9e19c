import {expect} from 'chai'
import type {CorpusName} from '../../../../src/lib/model/names.js'
import type {Diagnosis, Mend} from '../../../../src/lib/upkeep/verify/diagnosis.js'
import {databaseDamaged} from '../../../../src/lib/upkeep/verify/findings.js'
import {isRepairable, planRepair, type RepairPlan} from '../../../../src/lib/upkeep/verify/repair-plan.js'

const a = {id: 1, name: 'a' as CorpusName}
const b = {id: 2, name: 't/b' as CorpusName}

const found = (...mends: (Mend | undefined)[]): Diagnosis[] =>
  mends.map((mend) => ({
    finding: {severity: 'error', code: 'SEGMENT_DAMAGED', where: 'w', message: 'm', fix: 'f'},
    ...(mend ? {mend} : {}),
  }))

const NOTHING = {corpora: [], strayFolders: [], restoreLeftovers: false}
const LAST = [{step: 'versions'}, {step: 'orphan-files'}] as const
const vector = new Float32Array([1, 2])

describe('planRepair', () => {
  const cases: readonly [what: string, diagnoses: readonly Diagnosis[], plan: RepairPlan][] = [
    ['nothing found', [], NOTHING],
    ['nothing that can be mended', found(undefined), NOTHING],
    [
      'a damaged database: nothing at all',
      [...found({what: 'rows', corpusId: 1}), databaseDamaged('rag.db', 'bad page')],
      {...NOTHING, refusal: 'Nothing was mended: the database itself is damaged.'},
    ],
    [
      'every step, in the one order, whatever was found first',
      found(
        {what: 'orphans', corpusId: 1},
        {what: 'purge', corpusId: 1},
        {what: 'segment', corpusId: 1, segmentId: 7},
        {what: 'model', corpusId: 1, versionId: 4},
        {what: 'vector', corpusId: 1, versionId: 4, seq: 9, vector},
        {what: 'segment', corpusId: 1, segmentId: 8},
        {what: 'segment', corpusId: 1, segmentId: 7},
        {what: 'keywords', corpusId: 1},
        {what: 'rows', corpusId: 1},
      ),
      {
        ...NOTHING,
        corpora: [
          {
            corpusId: 1,
            name: a.name,
            steps: [
              {step: 'rows'},
              {step: 'keywords'},
              {step: 'vectors', vectors: [{versionId: 4, seq: 9, vector}]},
              {step: 'models', versionIds: [4]},
              {step: 'segments', segmentIds: [7, 8]},
              {step: 'purges'},
              ...LAST,
            ],
          },
        ],
      },
    ],
    [
      'each corpus its own; one without findings is left alone',
      found({what: 'keywords', corpusId: 2}),
      {...NOTHING, corpora: [{corpusId: 2, name: b.name, steps: [{step: 'keywords'}, ...LAST]}]},
    ],
    [
      'rows that point nowhere concern all corpora',
      found({what: 'references'}),
      {
        ...NOTHING,
        corpora: [a, b].map(({id, name}) => ({corpusId: id, name, steps: [{step: 'rows'}, ...LAST]})),
      },
    ],
    [
      'a corpus that is gone by now, its folder, and what a restore left',
      found(
        {what: 'rows', corpusId: 9},
        {what: 'stray-folder', folder: 't~gone'},
        {what: 'stray-folder', folder: 'not a corpus!'},
        {what: 'restore'},
      ),
      {corpora: [], strayFolders: [{folder: 't~gone', name: 't/gone' as CorpusName}], restoreLeftovers: true},
    ],
  ]
  for (const [what, diagnoses, plan] of cases)
    it(what, () => {
      expect(planRepair(diagnoses, [a, b])).to.deep.equal(plan)
      const isAnything = plan.corpora.length > 0 || plan.restoreLeftovers
      expect(isRepairable(diagnoses)).to.equal(isAnything)
    })
})
