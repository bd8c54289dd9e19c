import {writeFileSync} from 'node:fs'
import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import type {SessionMessageData} from '../../contract/index.js'
import {reasonOf} from '../../lib/index.js'
import {RagCommand} from '../../cli/base-command.js'
import {fileNotWritten} from '../../lib/model/errors/request/sessions.js'
import {plural} from '../../cli/output/human.js'
import {messageJson} from '../../cli/json/sessions.js'

export default class SessionsExport extends RagCommand {
  static override summary = 'Write conversations as JSON Lines, a message a line.'
  static override description =
    'To stdout, or to a file with --out. Without ids all conversations are written, the oldest first.'
  static override examples = [
    '<%= config.bin %> sessions export > conversations.jsonl',
    '<%= config.bin %> sessions export c1 --out c1.jsonl',
  ]
  static override args = {
    id: Args.string({description: 'ids of conversations', multiple: true, ignoreStdin: true}),
  }
  static override flags = {
    user: Flags.string({description: 'only those of this user', helpValue: 'ID'}),
    out: Flags.string({description: 'write to this file; it must not be there yet', helpValue: 'FILE'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(SessionsExport)
    const ids = args.id as unknown as readonly string[] | undefined
    const messages = await this.withRag(async (rag) => {
      const known = ids ?? (await rag.listSessions({user: flags.user})).map(({id}) => id).reverse()
      const found: SessionMessageData[] = []
      for (const id of known) {
        const session = await rag.showSession(id)
        if (flags.user !== undefined && session.user !== flags.user) continue
        for (const message of session.log) found.push(messageJson(session, message))
      }
      return found
    })
    const lines = (): string => messages.map((message) => `${JSON.stringify(message)}\n`).join('')
    if (flags.out === undefined && !this.asJson) return this.data(lines())
    if (flags.out !== undefined) this.#write(flags.out, lines())
    this.print(
      () => (flags.out === undefined ? {messages} : {file: flags.out, messages: messages.length}),
      () => `${plural(messages.length, 'message')} written to ${flags.out ?? 'stdout'}.\n`,
    )
  }

  #write(path: string, text: string): void {
    try {
      writeFileSync(path, text, {flag: 'wx', mode: 0o600})
    } catch (error) {
      throw fileNotWritten(path, reasonOf(error))
    }
  }
}
