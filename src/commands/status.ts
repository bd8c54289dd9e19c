import {RagCommand} from '../cli/base-command.js'
import {EXIT_DAMAGED} from '../cli/exit-codes.js'
import {statusJson} from '../cli/json/corpora.js'
import {renderStatus} from '../cli/reporters/corpora.js'

export default class Status extends RagCommand {
  static override summary = 'Tell how the store is: database, indexes, queue, versions.'
  static override description =
    'When something is damaged the exit code is 5, and the notes say what mends it.'
  static override examples = ['<%= config.bin %> status', '<%= config.bin %> status --json | jq .ok']

  async run(): Promise<void> {
    await this.parse(Status)
    const report = await this.withRag((rag) => rag.status())
    this.print(
      () => statusJson(report),
      () => renderStatus(report, this.screen),
    )
    if (!report.ok) this.setExit(EXIT_DAMAGED)
  }
}
