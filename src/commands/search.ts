import * as Args from '@oclif/core/args'
import type {Filter, Rag, SearchRequest} from '../lib/index.js'
import {RagCommand} from '../cli/base-command.js'
import {queryTwice} from '../lib/model/errors/request/search.js'
import {emptyQuery} from '../lib/model/errors/request/search.js'
import {EXIT_PARTIAL} from '../cli/exit-codes.js'
import {listFormat} from '../cli/flags/list-format.js'
import {searchFlags} from '../cli/flags/search-flags.js'
import {readInput} from '../cli/requests/read-input.js'
import {readQueries} from '../cli/requests/read-queries.js'
import {makeSearchWriter} from '../cli/reporters/search-writer.js'
import {runQueries} from '../cli/requests/run-queries.js'
import {cacheMode} from '../cli/flags/cache-mode.js'
import {millisecondsOf, optional} from '../cli/optional.js'

export default class Search extends RagCommand {
  static override summary = 'Find the chunks of a corpus that answer a query.'
  static override description =
    'Hits go to stdout, best first. No hit is no failure (exit 0). With --queries, many queries run in one process, and lines ' +
    'that are no query are named on stderr and skipped (exit 3).'
  static override examples = [
    '<%= config.bin %> search how many days of sick leave do I have',
    "<%= config.bin %> search 'data retention' --filter 'year>=2023' --top-k 5 --format json",
    '<%= config.bin %> search --queries queries.jsonl --format jsonl > run.jsonl',
    "<%= config.bin %> search 'parental leave' -0 | xargs -0 less",
  ]
  static override args = {
    query: Args.string({
      description: 'what to look for; - reads it from standard input',
      multiple: true,
      ignoreStdin: true,
    }),
  }
  static override flags = searchFlags

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Search)
    const {format, csv, pathEnd} = listFormat(flags, this.asJson)
    const options = optional({
      mode: this.settings.mode.value,
      topK: this.settings.top_k.value,
      filters: flags.filter,
      minScore: flags['min-score'],
      weight: flags.weight,
      embedTimeoutMs: millisecondsOf(this.settings.embed_timeout.value),
      fusion: flags.fusion,
      unit: flags.unit,
      context: flags.context,
      cache: cacheMode(flags),
    })
    const words = args.query as unknown as readonly string[] | undefined
    if (flags.queries !== undefined && words !== undefined) throw queryTwice()
    const queries = flags.queries === undefined ? undefined : await this.#queriesOf(flags.queries)
    const query = queries === undefined ? await this.#queryOf(words ?? []) : ''
    await this.withRag(async (rag, call) => {
      const writer = makeSearchWriter({
        format,
        screen: this.screen,
        explain: flags.explain,
        many: queries !== undefined,
        csv,
        pathEnd,
        out: (text) => this.out(text),
        data: (text) => this.data(text),
        warn: (text) => this.caution(text),
        sourceOf: (docId) => this.#sourceOf(rag, docId),
      })
      const search = (text: string) =>
        rag.search(this.corpus, {query: text, ...options} as SearchRequest, call)
      if (queries === undefined) {
        const report = await search(query)
        await writer.one(report)
        if (report.hits.length === 0) await this.#explainNothing(rag, flags.filter)
      } else if ((await runQueries(queries, search, writer)) > 0) {
        this.setExit(EXIT_PARTIAL)
      }
    })
  }

  /** A filter on a field that no document has is most often a slip. */
  async #explainNothing(rag: Rag, filters: readonly Filter[] = []): Promise<void> {
    if (this.quiet) return
    this.hint('No hits.')
    if (filters.length === 0) return
    const {total} = await rag.listDocuments(this.corpus, {filters, limit: 1})
    if (total === 0)
      this.hint("hint: the filters let nothing through; rag docs show ID lists a document's fields")
  }

  async #queryOf(words: readonly string[]): Promise<string> {
    const given =
      words.length === 1 && words[0] === '-' ? await readInput('-', this.around.stdin) : words.join(' ')
    if (given.trim() === '') throw emptyQuery()
    return given.trim()
  }

  async #queriesOf(path: string): Promise<ReturnType<typeof readQueries>> {
    return readQueries(await readInput(path, this.around.stdin))
  }

  async #sourceOf(rag: Rag, docId: string): Promise<string> {
    return (await rag.showDocument(this.corpus, docId)).document.source.source
  }
}
