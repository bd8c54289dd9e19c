import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {resolve} from 'node:path'
import {corpusName} from '../lib/index.js'
import {RagCommand} from '../cli/base-command.js'
import {EXIT_PARTIAL} from '../cli/exit-codes.js'
import {waitFlag} from '../cli/flags/flags.js'
import {backupJson} from '../cli/json/backup.js'
import {optional} from '../cli/optional.js'
import {damagedTextsLine, leftOutLine, renderBackup} from '../cli/reporters/backup.js'

export default class Backup extends RagCommand {
  static override summary = 'Copy the store into a folder, consistent while others write.'
  static override description =
    'The database is copied as it is at one instant, with the index and model files that it names, and a manifest with the SHA-256 of each. ' +
    'Again into the same folder, only what is new is copied; until that is complete the backup before it stays valid. ' +
    'Index files that are damaged in the store are named and left out (exit 3): they are made anew from the database.'
  static override examples = [
    '<%= config.bin %> backup /mnt/backup/handbook',
    '<%= config.bin %> backup /mnt/backup/handbook --quiet --wait 600 || echo "no backup today" | mail -s rag root',
    '<%= config.bin %> backup acme-docs-2026 --corpus acme/docs --json',
  ]
  static override finishesBatch = true
  static override args = {
    dir: Args.string({
      description: 'folder to make the backup in; new, empty, or with an earlier backup',
      required: true,
      ignoreStdin: true,
    }),
  }
  static override flags = {
    corpus: Flags.string({
      char: 'c',
      description: 'only this corpus; default: all of them',
      helpValue: 'NAME',
    }),
    verify: Flags.boolean({
      description: 'read all files that are there from before, and copy damaged ones anew',
    }),
    force: Flags.boolean({description: 'replace a backup of another store, or of other corpora'}),
    wait: waitFlag,
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Backup)
    const {verify, force} = flags
    const corpus = flags.corpus === undefined ? undefined : corpusName(flags.corpus)
    const dir = resolve(this.around.cwd, args.dir)
    const report = await this.withRag((rag, call) =>
      rag.backup(dir, {...call, verify, force, ...optional({corpus})}),
    )
    for (const file of report.leftOut) this.caution(leftOutLine(file))
    if (report.damagedTexts.length > 0) this.caution(damagedTextsLine(report.damagedTexts))
    this.print(
      () => backupJson(report),
      () => renderBackup(report),
    )
    if (report.leftOut.length + report.damagedTexts.length > 0) this.setExit(EXIT_PARTIAL)
  }
}
