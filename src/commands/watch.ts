import {RagCommand} from '../cli/base-command.js'
import {flagTwice} from '../lib/model/errors/request/command-line.js'
import {nothingToWatch} from '../lib/model/errors/request/ingest.js'
import {EXIT_INTERRUPTED, EXIT_PARTIAL} from '../cli/exit-codes.js'
import {watchEventJson, watchReportJson} from '../cli/json/watch.js'
import {optional} from '../cli/optional.js'
import {replayRequest, type BatchFlagValues} from '../cli/requests/replay-request.js'
import {renderFailures, renderFaults} from '../cli/reporters/ingest.js'
import {renderWatch, renderWatchEvent} from '../cli/reporters/watch.js'
import {StatusPace} from '../cli/output/status-pace.js'
import {watchFlags} from '../cli/flags/watch-flags.js'
import {storeFolders} from '../cli/output/own-file.js'
import {WatchMetrics} from '../cli/output/watch-metrics.js'
import {exitOf, type WatchEvent, type WatchReport, type WatchRequest} from '../lib/index.js'

type Flags = BatchFlagValues & {
  readonly dir: string[] | undefined
  readonly interval: number | undefined
  readonly settle: number | undefined
  readonly 'max-failures': number | undefined
  readonly notify: boolean
  readonly once: boolean
}

export default class Watch extends RagCommand {
  static override summary = 'Keep loading new batches, or keep a corpus in step with folders of documents.'
  static override description =
    'Works in rounds, and takes each new file once. What fails is tried again and then set aside; a service that is down, another writer and a ' +
    'full disk are waited for. SIGTERM and SIGINT end it after what is in hand. With --json, one object a line.'
  static override examples = [
    "<%= config.bin %> watch --glob 'data/msgpack/*.msgpack' --interval 15 --skip-existing --dummy-fill 768 --state-file data/msgpack/.replay_state.json",
    '<%= config.bin %> watch --dir docs --corpus handbook --notify',
    "<%= config.bin %> watch --glob 'in/*.msgpack' --archive done --once --quiet",
  ]
  static override finishesBatch = true
  static override flags = watchFlags

  readonly #pace = new StatusPace()

  async run(): Promise<void> {
    const {flags} = await this.parse(Watch)
    const request = this.#request(flags)
    const {around, corpus} = this
    const metrics =
      flags.metrics === undefined
        ? undefined
        : new WatchMetrics(
            {path: flags.metrics, folders: storeFolders(this.settings)},
            {corpus, now: () => around.now()},
          )
    const report = await this.withRag((rag, {signal}) =>
      rag.watch(request, {
        signal,
        onEmbed: metrics?.onEmbed,
        onEvent: (event) => {
          this.#tell(event)
          if (event.kind === 'status') void metrics?.writeMeanwhile(event, (why) => this.caution(why))
        },
      }),
    )
    const now = new Date(this.around.now()).toISOString()
    if (this.asJson) this.data(`${JSON.stringify(watchReportJson(report, now))}\n`)
    else this.out(renderWatch(report))
    await metrics?.write(report)
    this.#exit(report)
  }

  #request(flags: Flags): WatchRequest {
    const {dir, glob, interval, settle} = flags
    if ((dir?.length ?? 0) + (glob?.length ?? 0) === 0) throw nothingToWatch()
    if (dir && glob) throw flagTwice('--glob', '--dir')
    const what = dir
      ? {documents: this.#documents(dir)}
      : {batches: replayRequest(flags, {corpus: this.corpus, settings: this.settings, cwd: this.around.cwd})}
    return {
      ...what,
      intervalMs: interval === undefined ? undefined : 1000 * interval,
      settleMs: settle === undefined ? undefined : 1000 * settle,
      maxFailures: flags['max-failures'],
      notify: flags.notify,
      once: flags.once,
    }
  }

  #documents(dirs: readonly string[]): NonNullable<WatchRequest['documents']> {
    const {model, chunk_size, chunk_overlap, embed_batch_size} = this.settings
    return {
      corpus: this.corpus,
      dirs,
      settings: optional({
        model: model.value,
        chunkSize: chunk_size.value,
        chunkOverlap: chunk_overlap.value,
      }),
      embedBatchSize: embed_batch_size.value,
    }
  }

  #tell(event: WatchEvent): void {
    const at = new Date(this.around.now()).toISOString()
    if (this.asJson) return this.data(`${JSON.stringify(watchEventJson(event, at))}\n`)
    if (event.kind === 'status' && !this.#pace.isNews(event, this.around.now())) return
    const line = renderWatchEvent(event)
    if (line === '') return
    const isTrouble = event.kind === 'failed' || event.kind === 'set-aside' || event.kind === 'waiting'
    if (isTrouble) this.caution(`${at} ${line}`)
    else this.hint(`rag: ${at} ${line}`)
    if (event.kind !== 'ingested') return
    for (const note of event.report.notes) this.hint(`rag: ${at} note: ${note}`)
    this.say(renderFaults(event.report.faults) + renderFailures(event.report.failed))
  }

  #exit({interrupted, blocked, failed, setAside, missing}: WatchReport): void {
    if (interrupted) this.setExit(EXIT_INTERRUPTED)
    else if (blocked) this.setExit(exitOf(blocked.code))
    else if (failed + setAside + missing > 0) this.setExit(EXIT_PARTIAL)
  }
}
