import * as Args from '@oclif/core/args'
import {corpusName} from '../../lib/index.js'
import {RagCommand} from '../../cli/base-command.js'
import {corpusFlag} from '../../cli/flags/flags.js'
import {corpusJson} from '../../cli/json/corpora.js'
import {renderCorpus} from '../../cli/reporters/corpora.js'

export default class CorpusShow extends RagCommand {
  static override summary = 'Show one corpus: counts, model, index, and the settings it was built with.'
  static override examples = [
    '<%= config.bin %> corpus show',
    '<%= config.bin %> corpus show acme/docs --json',
  ]
  static override args = {
    name: Args.string({description: 'name of the corpus; default: that of --corpus', ignoreStdin: true}),
  }
  static override flags = {corpus: corpusFlag}

  async run(): Promise<void> {
    const {args} = await this.parse(CorpusShow)
    const name = args.name === undefined ? this.corpus : corpusName(args.name)
    const report = await this.withRag((rag) => rag.showCorpus(name))
    this.print(
      () => corpusJson(report),
      () => renderCorpus(report, this.screen),
    )
  }
}
