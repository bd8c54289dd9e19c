import {exitOf, type ReplayReport} from '../lib/index.js'
import {RagCommand} from '../cli/base-command.js'
import {EXIT_INTERRUPTED, EXIT_PARTIAL} from '../cli/exit-codes.js'
import {replayJson} from '../cli/json/replay.js'
import {storeFolders} from '../cli/output/own-file.js'
import {Metrics} from '../cli/output/metrics.js'
import {replayFlags} from '../cli/flags/replay-flags.js'
import {replayRequest} from '../cli/requests/replay-request.js'
import {renderFailures} from '../cli/reporters/ingest.js'
import {renderReplay} from '../cli/reporters/replay.js'

export default class Replay extends RagCommand {
  static override summary = 'Load MessagePack batches of records, with their vectors or without.'
  static override description =
    'What is stored already is passed over, and a run that was cut short goes on where it stopped. A bad record is named with file, number ' +
    'and byte, and the rest is taken (exit 3). Batches that rag export wrote are held against their checksums first; one that is missing is named (exit 3).'
  static override examples = [
    "<%= config.bin %> replay --glob 'data/msgpack/rag_batch_*.msgpack' --reembed --embed-batch-size 32 --skip-existing",
    "<%= config.bin %> replay --glob 'export/*.msgpack' --corpus handbook",
    "<%= config.bin %> replay --glob 'in/*.msgpack.gz' --model external:my-encoder --archive done --compress",
  ]
  static override finishesBatch = true
  static override flags = replayFlags

  async run(): Promise<void> {
    const {flags} = await this.parse(Replay)
    const request = {
      ...replayRequest(flags, {corpus: this.corpus, settings: this.settings, cwd: this.around.cwd}),
      strict: flags.strict,
      dryRun: flags['dry-run'],
    }
    const metrics =
      flags.metrics === undefined
        ? undefined
        : new Metrics(
            {path: flags.metrics, folders: storeFolders(this.settings)},
            {command: 'replay', corpus: this.corpus},
          )
    const report = await this.withRag((rag, call) =>
      rag.replay(request, metrics ? {...call, onEmbed: metrics.onEmbed} : call),
    )
    for (const note of report.notes) this.hint(`rag: note: ${note}`)
    this.say(renderFailures(report.failures))
    this.print(
      () => replayJson(report),
      () => renderReplay(report, this.screen),
    )
    this.#exit(report, flags.strict)
    await metrics?.write(
      {...report, pending: report.chunks.pending, isSuccess: isSuccess(report)},
      this.around.now(),
    )
  }

  #exit(report: ReplayReport, isStrict: boolean): void {
    if (report.failures.length > 0)
      this.setExit(isStrict && report.missing.length > 0 ? exitOf('BATCH_MISSING') : failureExit(report))
    if (report.failure) this.fail(report.failure)
    if (report.interrupted) this.setExit(EXIT_INTERRUPTED)
  }
}

function isSuccess({failures, failure, interrupted}: ReplayReport): boolean {
  return failures.length === 0 && !failure && !interrupted
}

/** When nothing at all could be taken, and always for the same reason, that is the exit; else it was done in part. */
function failureExit({files, inserted, skipped, duplicates}: ReplayReport): number {
  const codes = new Set(files.map((file) => file.error?.code))
  const [code] = codes
  const isNothing = inserted + skipped + duplicates === 0 && codes.size === 1
  return isNothing && code !== undefined ? exitOf(code) : EXIT_PARTIAL
}
