/**
 * Keyword search by BM25 alone over the judged collections beside the project: nDCG@10 against the floors, and the speed
 * of the analyser, first and second time over the same text. Run: npx tsx scripts/bm25-judged.ts [part of a name …]
 */
import {createAnalyser} from '../src/lib/text/analysis/create-analyser.js'
import type {Analyser} from '../src/lib/ports/analyser.js'
import type {JudgedCollection} from '../test/lib/text/analysis/judged-collection.js'
import {FLOORS, measure, readCollection} from '../test/lib/text/analysis/judged-collection.js'

const wanted = process.argv.slice(2)
let missed = 0

console.log('collection      nDCG@10  floor  terms/doc  cold MB/s  warm MB/s  detected')
for (const {name, language, floor} of FLOORS) {
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue
  const collection = readCollection(name)
  const analyser = createAnalyser()
  await analyser.prepare([language])
  const cold = speed(collection, analyser, language)
  const warm = speed(collection, analyser, language)
  const {ndcg, termsPerDocument} = measure(collection, analyser, language)
  if (ndcg < floor) missed++
  const right = collection.documents.filter(({text}) => analyser.detect(text, '') === language).length
  const cells = [
    name.padEnd(14),
    `${ndcg < floor ? '!' : ' '}${ndcg.toFixed(4)}`,
    floor.toFixed(2).padStart(6),
    termsPerDocument.toFixed(0).padStart(9),
    cold.toFixed(1).padStart(10),
    warm.toFixed(1).padStart(10),
    `${((100 * right) / collection.documents.length).toFixed(1)} %`.padStart(9),
  ]
  console.log(cells.join(' '))
}
process.exitCode = missed === 0 ? 0 : 1

/** Megabytes of UTF-8 a second of processor time (all threads), which other programs on the machine disturb least. */
function speed({documents}: JudgedCollection, analyser: Analyser, language: string): number {
  const before = process.cpuUsage()
  for (const {text} of documents) analyser.terms(text, language)
  const {user, system} = process.cpuUsage(before)
  const sizeBytes = documents.reduce((sum, {text}) => sum + Buffer.byteLength(text), 0)
  return sizeBytes / (user + system)
}
