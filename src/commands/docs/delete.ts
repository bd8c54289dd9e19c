import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {RagCommand} from '../../cli/base-command.js'
import type {DeleteReport} from '../../lib/index.js'
import {documentsMissing} from '../../lib/model/errors/corpus/names.js'
import {EXIT_PARTIAL} from '../../cli/exit-codes.js'
import {corpusFlag, waitFlag} from '../../cli/flags/flags.js'
import {deleteJson} from '../../cli/json/documents.js'
import {renderDelete} from '../../cli/reporters/documents.js'

const BYTES = 'bytes of all files'

export default class DocsDelete extends RagCommand {
  static override summary = 'Delete documents: gone from every search at once.'
  static override description =
    'Soft by default: the rows stay until the corpus is compacted. With --hard they are removed from every file, and the places ' +
    'that were checked are listed; cut off, the same command goes on, as does the next write to the corpus. When none of the ids is known the exit code is 4; when some are not, the rest is deleted (exit 3).'
  static override examples = [
    '<%= config.bin %> docs delete guides/leave.md',
    '<%= config.bin %> docs delete customer-17 customer-18 --hard --json',
  ]
  static override finishesBatch = true
  static override args = {
    id: Args.string({description: 'ids of the documents', required: true, multiple: true, ignoreStdin: true}),
  }
  static override flags = {
    corpus: corpusFlag,
    hard: Flags.boolean({description: 'remove them from the database, the indexes and the caches for good'}),
    wait: waitFlag,
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DocsDelete)
    const ids = [...new Set(args.id as unknown as readonly string[])]
    const report = await this.withRag((rag, call) =>
      rag.deleteDocuments(this.corpus, ids, {...call, hard: flags.hard}),
    )
    if (report.deleted.length === 0) throw documentsMissing(report.missing, this.corpus)
    for (const docId of report.missing)
      this.caution(`there is no document "${docId}" in corpus ${this.corpus}`)
    this.print(
      () => deleteJson(report),
      () => renderDelete(report),
    )
    const left = leftIn(report)
    if (left.length > 0) this.caution(`what was deleted is still in: ${left.join(', ')}`)
    if (report.missing.length > 0 || left.length > 0) this.setExit(EXIT_PARTIAL)
  }
}

/** Places that still hold something of what was deleted: of the bytes of files, the files. */
function leftIn({hard}: DeleteReport): readonly string[] {
  if (hard === undefined) return []
  const found = hard.bytes?.found.map(({file}) => file) ?? []
  return [
    ...hard.proof
      .filter(({place, absent}) => !absent && (place !== BYTES || found.length === 0))
      .map(({place}) => place),
    ...found,
  ]
}
