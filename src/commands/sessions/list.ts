import * as Flags from '@oclif/core/flags'
import {RagCommand} from '../../cli/base-command.js'
import {wholeFlag} from '../../cli/flags/flags.js'
import {sessionListJson} from '../../cli/json/sessions.js'
import {renderSessions} from '../../cli/reporters/answer.js'

export default class SessionsList extends RagCommand {
  static override summary = 'List the conversations of this store, the latest first.'
  static override examples = [
    '<%= config.bin %> sessions list',
    '<%= config.bin %> sessions list --user ann --limit 5 --json',
  ]
  static override flags = {
    user: Flags.string({description: 'only those of this user', helpValue: 'ID'}),
    limit: wholeFlag('limit', {description: 'list at most so many; default: all', least: 1}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(SessionsList)
    const {user, limit} = flags
    const sessions = await this.withRag((rag) => rag.listSessions({user, limit}))
    this.print(
      () => sessionListJson(sessions),
      () => renderSessions(sessions, this.screen),
    )
  }
}
