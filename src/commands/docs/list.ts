import * as Flags from '@oclif/core/flags'
import {RagCommand} from '../../cli/base-command.js'
import {corpusFlag, csvRawFlag, filterFlag, nullFlag, wholeFlag} from '../../cli/flags/flags.js'
import {listFormat} from '../../cli/flags/list-format.js'
import {pathLine} from '../../cli/output/paths.js'
import {plural, showCount} from '../../cli/output/human.js'
import {documentJson, documentListJson} from '../../cli/json/documents.js'
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
      description: 'how the list is written; files: the path of each document; --json means json',
      options: ['text', 'json', 'jsonl', 'csv', 'files'] as const,
    })(),
    null: nullFlag,
    'csv-raw': csvRawFlag,
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(DocsList)
    const {filter: filters, limit, offset} = flags
    const {format, csv, pathEnd} = listFormat(flags, this.asJson)
    const list = await this.withRag((rag) => rag.listDocuments(this.corpus, {filters, limit, offset}))
    if (format === 'json') this.printJson(documentListJson(list))
    else if (format === 'jsonl')
      this.data(list.documents.map((d) => `${JSON.stringify(documentJson(d))}\n`).join(''))
    else if (format === 'csv') this.data(documentsCsv(list, csv))
    else if (format === 'files')
      this.data(list.documents.map((d) => pathLine(d.source.source, d.docId, {end: pathEnd})).join(''))
    else this.out(renderDocuments(list, this.screen))
    if (list.documents.length < list.total)
      this.hint(`${showCount(list.documents.length)} of ${plural(list.total, 'document')}.`)
  }
}
