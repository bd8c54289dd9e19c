import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {corpusName} from '../../lib/index.js'
import {RagCommand} from '../../cli/base-command.js'
import {needsYes, notDeleted} from '../../lib/model/errors/corpus/names.js'
import {waitFlag} from '../../cli/flags/flags.js'
import {corpusDeletionJson} from '../../cli/json/corpora.js'
import {renderCorpusDeletion} from '../../cli/reporters/corpora.js'

export default class CorpusDelete extends RagCommand {
  static override summary = 'Delete a corpus with all its documents, vectors and index files, for good.'
  static override description = 'Asks on a terminal; elsewhere --yes must be given.'
  static override examples = [
    '<%= config.bin %> corpus delete scratch',
    '<%= config.bin %> corpus delete acme/old --yes --json',
  ]
  static override finishesBatch = true
  static override args = {
    name: Args.string({description: 'name of the corpus', required: true, ignoreStdin: true}),
  }
  static override flags = {
    yes: Flags.boolean({char: 'y', description: 'do not ask'}),
    wait: waitFlag,
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(CorpusDelete)
    const name = corpusName(args.name)
    if (!flags.yes) await this.#confirm(name)
    const report = await this.withRag((rag, call) => rag.deleteCorpus(name, call))
    this.print(
      () => corpusDeletionJson(report),
      () => renderCorpusDeletion(report),
    )
  }

  async #confirm(name: string): Promise<void> {
    const answer = await this.ask(`Delete corpus "${name}" for good? Type its name to confirm: `)
    if (answer === undefined) throw needsYes(name)
    if (answer.trim() !== name) throw notDeleted(name)
  }
}
