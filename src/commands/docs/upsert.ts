import {parseJson} from '../../lib/index.js'
import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {RagCommand} from '../../cli/base-command.js'
import {badMetadata, oneTextSource} from '../../lib/model/errors/request/ingest.js'
import {corpusFlag, waitFlag} from '../../cli/flags/flags.js'
import {upsertJson} from '../../cli/json/documents.js'
import {optional} from '../../cli/optional.js'
import {readInput} from '../../cli/requests/read-input.js'
import {renderUpsert} from '../../cli/reporters/documents.js'

export default class DocsUpsert extends RagCommand {
  static override summary = 'Store one document given as text; the same content again changes nothing.'
  static override examples = [
    "<%= config.bin %> docs upsert --doc-id motd --text 'The office is closed on Friday.'",
    "<%= config.bin %> docs upsert --doc-id terms --file terms.txt --title 'Terms' --metadata '{\"year\":2026}'",
    'fortune | <%= config.bin %> docs upsert - --doc-id fortune --json',
  ]
  static override finishesBatch = true
  static override args = {
    source: Args.string({
      description: '- reads the text from standard input',
      options: ['-'],
      ignoreStdin: true,
    }),
  }
  static override flags = {
    'doc-id': Flags.string({description: 'id of the document', helpValue: 'ID', required: true}),
    text: Flags.string({description: 'the text itself', helpValue: 'TEXT'}),
    file: Flags.string({description: 'read the text from this UTF-8 file', helpValue: 'FILE'}),
    title: Flags.string({description: 'title of the document', helpValue: 'TEXT'}),
    metadata: Flags.string({description: 'metadata to filter by, a JSON object', helpValue: 'JSON'}),
    corpus: corpusFlag,
    wait: waitFlag,
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DocsUpsert)
    const metadata = flags.metadata === undefined ? undefined : readMetadata(flags.metadata)
    const text = await this.#textOf({
      text: flags.text,
      path: args.source ?? flags.file,
      both: args.source && flags.file,
    })
    const request = {
      corpus: this.corpus,
      docId: flags['doc-id'],
      text,
      ...optional({title: flags.title, metadata}),
    }
    const report = await this.withRag((rag, call) => rag.upsertDocument(request, call))
    this.print(
      () => upsertJson(report),
      () => renderUpsert(report),
    )
  }

  async #textOf(given: {
    text: string | undefined
    path: string | undefined
    both: string | undefined
  }): Promise<string> {
    const {text, path, both} = given
    if ((text === undefined) === (path === undefined) || both !== undefined) throw oneTextSource()
    return text ?? (await readInput(path ?? '-', this.around.stdin))
  }
}

function readMetadata(raw: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = parseJson(raw)
  } catch {
    throw badMetadata(raw)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badMetadata(raw)
  return value as Readonly<Record<string, unknown>>
}
