import * as Flags from '@oclif/core/flags'
import {RagCommand} from '../../cli/base-command.js'
import {corpusFlag} from '../../cli/flags.js'
import {EXIT_PARTIAL} from '../../cli/exit-codes.js'
import {readInput} from '../../cli/read-input.js'
import {readQueries} from '../../cli/read-queries.js'

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
    const queries = readQueries(await readInput(flags.queries, this.around.stdin))
    let hits = 0
    let misses = 0
    let bad = 0
    await this.withRag(async (rag) => {
      for (const query of queries) {
        if (query.kind === 'bad') {
          bad++
          this.caution(`line ${query.line}: ${query.why}`)
          continue
        }
        const {cache} = await rag.search(this.corpus, {
          query: query.text,
          ...(this.settings.mode.value === undefined ? {} : {mode: this.settings.mode.value}),
          ...(this.settings.top_k.value === undefined ? {} : {topK: this.settings.top_k.value}),
        })
        if (cache.retrievalHit) hits++
        else misses++
      }
    })
    this.print(
      () => ({queries: hits + misses, already_cached: hits, cached_now: misses, skipped: bad}),
      () => `${misses} results cached now, ${hits} were cached already.\n`,
    )
    if (bad > 0) this.setExit(EXIT_PARTIAL)
  }
}
