import type {Corpus} from '../../model/corpus.js'
import {databaseDamaged, keywordsDamaged, ofCorpus, referenceBroken} from './findings.js'
import type {Survey} from './survey.js'

/** The database's own checks. `corpora` (all there are) name the keyword indexes. */
export async function checkStructure(survey: Survey, corpora: readonly Corpus[]): Promise<void> {
  await survey.guard('rag.db', async () => {
    const report = await survey.tools.store.checkStructure()
    survey.add(...report.faults.map((fault) => databaseDamaged('rag.db', fault)))
    survey.add(...report.references.map(referenceBroken))
    for (const {corpusId, fault} of report.keywords) {
      const corpus = corpora.find(({id}) => id === corpusId)
      survey.add(
        corpus ? keywordsDamaged(ofCorpus(corpus), corpusId, fault) : databaseDamaged('rag.db', fault),
      )
    }
    if (report.faults.length > 0) survey.isDamaged = true
  })
  survey.step()
}
