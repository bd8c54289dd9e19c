import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {RagCommand} from '../../cli/base-command.js'
import {corpusFlag} from '../../cli/flags/flags.js'
import {documentReportJson} from '../../cli/json/documents.js'
import {joinChunks} from '../../lib/index.js'
import {renderDocument} from '../../cli/reporters/documents.js'

export default class DocsShow extends RagCommand {
  static override summary = 'Show one document: where it came from, its metadata, its chunks.'
  static override examples = [
    '<%= config.bin %> docs show guides/leave.md',
    '<%= config.bin %> docs show guides/leave.md --chunks --json',
    '<%= config.bin %> docs show guides/leave.md --text > leave.md',
  ]
  static override args = {
    id: Args.string({description: 'id of the document', required: true, ignoreStdin: true}),
  }
  static override flags = {
    corpus: corpusFlag,
    chunks: Flags.boolean({description: 'show the text of each chunk'}),
    text: Flags.boolean({
      description: 'print the text of the document and nothing else: its chunks without their overlaps',
      exclusive: ['chunks'],
    }),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DocsShow)
    const report = await this.withRag((rag) => rag.showDocument(this.corpus, args.id))
    if (flags.text && !this.asJson) return this.data(joinChunks(report.chunks))
    this.print(
      () => documentReportJson(report, flags),
      () => renderDocument(report, this.screen, flags.chunks),
    )
  }
}
