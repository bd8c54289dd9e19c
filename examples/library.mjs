// The library's face: open, ingest, search, close. After `npm run build`: node examples/library.mjs
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {openRag, RagError} from 'rag'

const corpusFolder = fileURLToPath(new URL('corpus', import.meta.url))
const dataDir = await mkdtemp(join(tmpdir(), 'rag-library-'))
const rag = await openRag({dataDir})
try {
  // Few dimensions make a small corpus tie more words together; the default is 256.
  const report = await rag.ingest({corpus: 'examples', dirs: [corpusFolder], settings: {dimension: 16}})
  console.log(
    `${report.documents.added} documents, ${report.chunks.total} chunks, ${report.chunks.pending} pending`,
  )

  for (const query of ['my insects flew away', 'flat dense bread']) {
    const {hits} = await rag.search('examples', {query, mode: 'vector', topK: 4, unit: 'document'})
    console.log(`\n${query}`)
    for (const {rank, score, docId, snippet} of hits) {
      const how = snippet.marks.length > 0 ? 'shares words with the query' : 'by meaning alone'
      console.log(`  ${rank}. ${score.toFixed(2)}  ${docId}  (${how})`)
    }
  }

  // Every failure is a RagError with a code of a closed set.
  await rag.showDocument('examples', 'no-such.md').catch((error) => {
    if (error instanceof RagError) console.log(`\n${error.code}: ${error.message}`)
  })
} finally {
  await rag.close()
  await rm(dataDir, {recursive: true})
}
