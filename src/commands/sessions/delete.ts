import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {RagCommand} from '../../cli/base-command.js'
import {conversationsMissing, nameSessions} from '../../lib/model/errors/request/sessions.js'
import {EXIT_PARTIAL} from '../../cli/exit-codes.js'
import {sessionDeleteJson} from '../../cli/json/sessions.js'
import {plural} from '../../cli/output/human.js'

export default class SessionsDelete extends RagCommand {
  static override summary = 'Delete conversations for good: their bytes are overwritten in the database.'
  static override description =
    'With --user, all conversations of that user and what is known of the user; with --all, everything.'
  static override examples = [
    '<%= config.bin %> sessions delete c1',
    '<%= config.bin %> sessions delete --user ann --json',
    '<%= config.bin %> sessions delete --all',
  ]
  static override args = {
    id: Args.string({description: 'ids of conversations', multiple: true, ignoreStdin: true}),
  }
  static override flags = {
    user: Flags.string({description: 'those of this user, and the profile', helpValue: 'ID'}),
    all: Flags.boolean({description: 'all conversations and profiles'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(SessionsDelete)
    const ids = args.id as unknown as readonly string[] | undefined
    const ways = [ids !== undefined, flags.user !== undefined, flags.all].filter(Boolean).length
    if (ways !== 1) throw nameSessions()
    const removed = await this.withRag((rag) =>
      rag.deleteSessions({ids, user: flags.user}, {profiles: ids === undefined}),
    )
    const missing = (ids ?? []).filter((id) => !removed.sessions.includes(id))
    if (ids !== undefined && removed.sessions.length === 0) throw conversationsMissing(missing)
    for (const id of missing) this.caution(`there is no conversation "${id}"`)
    if (!removed.erased)
      this.caution(
        'another process is reading: the last bytes go with the next write. Run it again to be sure.',
      )
    this.print(
      () => sessionDeleteJson(removed, missing),
      () =>
        `Deleted ${plural(removed.sessions.length, 'conversation')}, ${plural(removed.messages, 'message')}.\n`,
    )
    if (missing.length > 0) this.setExit(EXIT_PARTIAL)
  }
}
