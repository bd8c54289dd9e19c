import * as Flags from '@oclif/core/flags'
import {corpusName} from '../lib/index.js'
import {RagCommand} from '../cli/base-command.js'
import {EXIT_DAMAGED, EXIT_INTERRUPTED} from '../cli/exit-codes.js'
import {numberFlag, shareFlag, waitFlag} from '../cli/flags/flags.js'
import {verifyJson} from '../cli/json/verify.js'
import {optional} from '../cli/optional.js'
import {renderVerify} from '../cli/reporters/verify.js'

export default class Verify extends RagCommand {
  static override summary =
    'Check every checksum, and that database and indexes agree; mend what can be mended.'
  static override description =
    'Takes no lease: others may write meanwhile. Exit 5 when something is damaged; each finding says what mends it. ' +
    '--repair mends from what is stored and embeds nothing; only a damaged learned model is learned anew, with its vectors.'
  static override examples = [
    '<%= config.bin %> verify',
    '<%= config.bin %> verify --max-duration 60 --quiet --json',
    '<%= config.bin %> verify --corpus acme/docs --sample 100%',
    '<%= config.bin %> verify --repair',
  ]
  static override finishesBatch = true
  static override flags = {
    corpus: Flags.string({char: 'c', description: 'only this corpus; default: all', helpValue: 'NAME'}),
    sample: shareFlag(
      'sample',
      'share of the vectors that look for themselves in their segment (at least 20 each), and of the chunks that are looked for by their words (at least 1,000 a corpus; with 100% by all words); default: 1%',
    ),
    'max-duration': numberFlag('max-duration', {
      description: 'begin nothing new after so long; what was looked at longest ago comes first',
      helpValue: 'SECONDS',
      least: 0,
      most: 1_000_000,
    }),
    repair: Flags.boolean({description: 'mend what was found, then look again'}),
    'accept-loss': Flags.boolean({
      description:
        'go on without commits that were reported as done and are gone; a backup may still have them',
    }),
    wait: waitFlag,
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Verify)
    const seconds = flags['max-duration']
    const options = {
      repair: flags.repair,
      acceptLoss: flags['accept-loss'],
      ...optional({
        corpus: flags.corpus === undefined ? undefined : corpusName(flags.corpus),
        sample: flags.sample,
        maxDurationMs: seconds === undefined ? undefined : 1000 * seconds,
      }),
    }
    const report = await this.withRag((rag, call) => rag.verify(options, call))
    this.print(
      () => verifyJson(report),
      () => renderVerify(report, this.screen),
    )
    if (!report.ok) this.setExit(EXIT_DAMAGED)
    if (report.interrupted) this.setExit(EXIT_INTERRUPTED)
  }
}
