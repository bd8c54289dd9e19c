import type {Corpus} from '../../model/corpus.js'
import {databaseDamaged, keywordsDamaged, ofCorpus, referenceBroken} from './findings.js'
import type {Inspection} from './inspection.js'

/** The database's own checks. `corpora` (all there are) name the keyword indexes. */
export async function checkStructure(inspection: Inspection, corpora: readonly Corpus[]): Promise<void> {
  await inspection.guard('rag.db', async () => {
    const report = await inspection.tools.store.checkStructure()
    inspection.add(...report.faults.map((fault) => databaseDamaged('rag.db', fault)))
    inspection.add(...report.references.map(referenceBroken))
    for (const {corpusId, fault} of report.keywords) {
      const corpus = corpora.find(({id}) => id === corpusId)
      inspection.add(
        corpus ? keywordsDamaged(ofCorpus(corpus), corpusId, fault) : databaseDamaged('rag.db', fault),
      )
    }
    if (report.faults.length > 0) inspection.isDamaged = true
  })
  inspection.step()
}
