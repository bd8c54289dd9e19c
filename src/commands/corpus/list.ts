import {RagCommand} from '../../cli/base-command.js'
import {corpusListJson} from '../../cli/json/corpora.js'
import {renderCorpora} from '../../cli/reporters/corpora.js'

export default class CorpusList extends RagCommand {
  static override summary = 'List the corpora of this store with their models and sizes.'
  static override examples = [
    '<%= config.bin %> corpus list',
    '<%= config.bin %> corpus list --json --data-dir /srv/rag',
  ]

  async run(): Promise<void> {
    await this.parse(CorpusList)
    const corpora = await this.withRag((rag) => rag.listCorpora())
    this.print(
      () => corpusListJson(corpora),
      () => renderCorpora(corpora, this.screen),
    )
  }
}
