import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {RagCommand} from '../../cli/base-command.js'
import {noProfile, oneOfSessionOrUser} from '../../lib/model/errors/request/sessions.js'
import {profileJson, sessionJson} from '../../cli/json/sessions.js'
import {renderProfile, renderSession} from '../../cli/reporters/answer.js'

export default class SessionsShow extends RagCommand {
  static override summary = 'Show a conversation, or what is known of a user.'
  static override examples = [
    '<%= config.bin %> sessions show c1',
    '<%= config.bin %> sessions show --user ann --json',
  ]
  static override args = {id: Args.string({description: 'id of the conversation', ignoreStdin: true})}
  static override flags = {
    user: Flags.string({description: 'show the profile of this user', helpValue: 'ID'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(SessionsShow)
    const {id} = args
    const {user} = flags
    if (id !== undefined && user === undefined) {
      const session = await this.withRag((rag) => rag.showSession(id))
      this.print(
        () => sessionJson(session),
        () => renderSession(session, this.screen),
      )
    } else if (user !== undefined && id === undefined) {
      const profile = await this.withRag((rag) => rag.showProfile(user))
      if (!profile) throw noProfile(user)
      this.print(
        () => profileJson(profile),
        () => renderProfile(profile),
      )
    } else throw oneOfSessionOrUser()
  }
}
