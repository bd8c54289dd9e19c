import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {resolve} from 'node:path'
import {RagCommand} from '../cli/base-command.js'
import {waitFlag} from '../cli/flags/flags.js'
import {restorePlace} from '../cli/requests/restore-place.js'
import {restoreJson} from '../cli/json/backup.js'
import {renderRestore} from '../cli/reporters/backup.js'

export default class Restore extends RagCommand {
  static override summary = 'Put a backup in the place of the store, or into a new folder, after checking it.'
  static override description =
    'Every byte of the backup is checked before anything is changed. Then the new content takes the place of the old in one step: cut off ' +
    'at any instant, the store is the old one or the new one. Refused while a corpus is being written (exit 6). Readers go on, and see the ' +
    'new content with their next query. config.json stays as it is where there is one.'
  static override examples = [
    '<%= config.bin %> restore /mnt/backup/handbook --dry-run',
    '<%= config.bin %> restore /mnt/backup/handbook --keep-old',
    '<%= config.bin %> restore /mnt/backup/handbook --into /srv/rag-copy',
  ]
  static override finishesBatch = true
  static override args = {
    dir: Args.string({description: 'folder of the backup', required: true, ignoreStdin: true}),
  }
  static override flags = {
    into: Flags.string({
      description: 'data folder to restore into, in place of the current one; must hold no corpus',
      helpValue: 'NEW',
    }),
    'dry-run': Flags.boolean({description: 'check everything, say what would be restored, change nothing'}),
    force: Flags.boolean({
      description:
        'replace what is there: with --into, a store; by a backup of one corpus, a store that holds others too',
    }),
    'keep-old': Flags.boolean({
      description: 'first make a backup of the old store, beside it: NAME.before-restore-TIME',
    }),
    'no-indexes': Flags.boolean({
      description: 'leave the index files out; the next ingest builds them anew from the database',
    }),
    wait: waitFlag,
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Restore)
    const dir = resolve(this.around.cwd, args.dir)
    if (flags.into !== undefined)
      this.settings = restorePlace(flags.into, {settings: this.settings, flags, around: this.around})
    const report = await this.withRag((rag, call) =>
      rag.restore(dir, {
        ...call,
        dryRun: flags['dry-run'],
        onlyNew: flags.into !== undefined && !flags.force,
        force: flags.force,
        keepOld: flags['keep-old'],
        noIndexes: flags['no-indexes'],
      }),
    )
    for (const note of report.notes) this.hint(`rag: note: ${note}`)
    this.print(
      () => restoreJson(report),
      () => renderRestore(report),
    )
  }
}
