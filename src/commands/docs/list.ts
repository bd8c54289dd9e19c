import * as Flags from '@oclif/core/flags'
import {RagCommand} from '../../cli/base-command.js'
import {corpusFlag, filterFlag, wholeFlag} from '../../cli/flags/flags.js'
import {plural, showCount} from '../../cli/output/human.js'
import {documentJson, documentListJson} from '../../cli/json/documents.js'
import {optional} from '../../cli/optional.js'
import {documentsCsv, renderDocuments} from '../../cli/reporters/documents.js'

export default class DocsList extends RagCommand {
  static override summary = 'List the documents of a corpus.'
  static override description = 'Deleted documents are not listed.'
  static override examples = [
    '<%= config.bin %> docs list',
    "<%= config.bin %> docs list --corpus acme/docs --filter 'doc_id=guides/*' --json",
    '<%= config.bin %> docs list --format csv > documents.csv',
  ]
  static override flags = {
    corpus: corpusFlag,
    filter: filterFlag(),
    limit: wholeFlag('limit', {description: 'list at most so many; default: all', least: 1}),
    offset: wholeFlag('offset', {description: 'leave out the first so many', least: 0}),
    format: Flags.option({
      description: 'how the list is written; --json means json',
      options: ['text', 'json', 'jsonl', 'csv'] as const,
    })(),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(DocsList)
    const {filter: filters, limit, offset} = flags
    const list = await this.withRag((rag) =>
      rag.listDocuments(this.corpus, optional({filters, limit, offset})),
    )
    const format = this.asJson ? 'json' : (flags.format ?? 'text')
    if (format === 'json') this.printJson(documentListJson(list))
    else if (format === 'jsonl')
      this.out(list.documents.map((d) => `${JSON.stringify(documentJson(d))}\n`).join(''))
    else if (format === 'csv') this.out(documentsCsv(list))
    else this.out(renderDocuments(list, this.look))
    if (list.documents.length < list.total)
      this.hint(`${showCount(list.documents.length)} of ${plural(list.total, 'document')}.`)
  }
}
