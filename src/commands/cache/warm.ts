import * as Flags from '@oclif/core/flags'
import {cachesOff} from '../../lib/model/errors/request/cache.js'
import type {SearchRequest} from '../../lib/index.js'
import {RagCommand} from '../../cli/base-command.js'
import {corpusFlag} from '../../cli/flags/flags.js'
import {EXIT_PARTIAL} from '../../cli/exit-codes.js'
import {cacheWarmJson} from '../../cli/json/cache.js'
import {readInput} from '../../cli/requests/read-input.js'
import {readQueries} from '../../cli/requests/read-queries.js'

export default class CacheWarm extends RagCommand {
  static override summary = 'Run searches now, so that their results are cached when they are asked for.'
  static override examples = [
    '<%= config.bin %> cache warm --queries frequent.txt',
    '<%= config.bin %> cache warm --queries - --corpus handbook < frequent.txt',
  ]
  static override flags = {
    corpus: corpusFlag,
    queries: Flags.string({
      description: 'a file (or -) with a query a line, or JSONL {"_id","text"}',
      helpValue: 'FILE',
      required: true,
    }),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(CacheWarm)
    if (this.settings.cache.value === 'off') throw cachesOff()
    const queries = readQueries(await readInput(flags.queries, this.around.stdin))
    const counts = {hits: 0, kept: 0, notKept: 0, bad: 0}
    await this.withRag(async (rag, {onProgress}) => {
      for (const [done, query] of queries.entries()) {
        onProgress({phase: 'read', done, total: queries.length, unit: 'records'})
        if (query.kind === 'bad') {
          counts.bad++
          this.caution(`line ${query.line}: ${query.why}`)
          continue
        }
        const request = {query: query.text, ...this.#asSearched()}
        const isHit = async (): Promise<boolean> =>
          (await rag.search(this.corpus, request)).cache.retrievalHit
        // Kept is what is found the second time: a degraded result is not, nor any on a disk that is full.
        if (await isHit()) counts.hits++
        else if (await isHit()) counts.kept++
        else counts.notKept++
      }
    })
    const {hits, kept, notKept, bad} = counts
    this.print(
      () => cacheWarmJson(counts),
      () =>
        `${kept} results cached now, ${hits} were cached already${notKept > 0 ? `, ${notKept} could not be kept (see rag search)` : ''}.\n`,
    )
    if (bad > 0 || notKept > 0) this.setExit(EXIT_PARTIAL)
  }

  /** As `rag search` asks without flags. */
  #asSearched(): Pick<SearchRequest, 'mode' | 'topK'> {
    const {mode, top_k: topK} = this.settings
    return {mode: mode.value, topK: topK.value}
  }
}
