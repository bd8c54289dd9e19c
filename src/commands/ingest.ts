import {existsSync} from 'node:fs'
import * as Args from '@oclif/core/args'
import type {IngestReport, IngestRequest} from '../lib/index.js'
import {RagCommand} from '../cli/base-command.js'
import {EXIT_INTERRUPTED, EXIT_PARTIAL} from '../cli/exit-codes.js'
import {ingestFlags} from '../cli/flags/ingest-flags.js'
import {ingestJson, planJson} from '../cli/json/ingest.js'
import {storeFolders} from '../cli/output/own-file.js'
import {Metrics, type RunFigures} from '../cli/output/metrics.js'
import {modelGiven, modelWays} from '../cli/flags/model-flags.js'
import {optional} from '../cli/optional.js'
import {renderFailures, renderFaults, renderIngest, renderPlan} from '../cli/reporters/ingest.js'
import {sortInputs} from '../cli/requests/sort-inputs.js'

export default class Ingest extends RagCommand {
  static override summary = 'Load, cut, embed, store and index documents.'
  static override description =
    'Documents that did not change are skipped, and a run that was cut short goes on where it stopped. A file that cannot be read is ' +
    'named with the reason, and the rest goes on (exit 3).'
  static override examples = [
    '<%= config.bin %> ingest --dir handbook',
    "<%= config.bin %> ingest --dir docs --corpus acme/docs --types md,html --exclude 'drafts/**' --prune --msgpack-out batches",
    '<%= config.bin %> ingest --jsonl corpus.jsonl --corpus news --quiet --json',
    'curl -s https://example.org/terms.txt | <%= config.bin %> ingest - --doc-id terms',
  ]
  static override finishesBatch = true
  static override args = {
    file: Args.string({
      description: 'files or folders; - reads one document from standard input',
      multiple: true,
      ignoreStdin: true,
    }),
  }
  static override flags = ingestFlags

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Ingest)
    const named = (args.file ?? []) as unknown as readonly string[]
    const inputs = sortInputs({named, dirs: flags.dir ?? [], jsonl: flags.jsonl, docId: flags['doc-id']})
    const {settings} = this
    const request: IngestRequest = {
      corpus: this.corpus,
      ...inputs,
      settings: optional({
        model: modelGiven(settings.model.value, this.around.cwd),
        ...modelWays(flags),
        chunkSize: settings.chunk_size.value,
        chunkOverlap: settings.chunk_overlap.value,
        vectorWeight: flags.weight,
        language: flags.language,
      }),
      ...optional({
        types: flags.types
          ?.split(',')
          .map((type) => type.trim())
          .filter((type) => type !== ''),
        include: flags.include,
        exclude: flags.exclude,
        maxFileBytes: settings.max_file_size.value,
        batchSize: settings.batch_size.value,
        embedBatchSize: settings.embed_batch_size.value,
        msgpackOut: flags['msgpack-out'],
        idPrefix: flags['id-prefix'],
        sleepMs: flags.sleep === undefined ? undefined : 1000 * flags.sleep,
      }),
      ignoreFiles: !flags['no-ignore'],
      force: flags.force,
      checksum: flags.checksum,
      prune: flags.prune,
      textOnly: flags['text-only'],
      noRefit: flags['no-refit'],
      noCache: flags['no-cache'],
    }
    await (flags['dry-run'] ? this.#plan(request) : this.#ingest(request, flags.metrics))
  }

  async #ingest(request: IngestRequest, metricsFile: string | undefined): Promise<void> {
    const metrics =
      metricsFile === undefined
        ? undefined
        : new Metrics(
            {path: metricsFile, folders: storeFolders(this.settings)},
            {command: 'ingest', corpus: this.corpus},
          )
    const report = await this.withRag((rag, call) =>
      rag.ingest(request, metrics ? {...call, onEmbed: metrics.onEmbed} : call),
    )
    for (const note of report.notes) this.hint(`rag: note: ${note}`)
    this.say(renderFaults(report.faults))
    this.say(renderFailures(report.failed))
    this.print(
      () => ingestJson(report),
      () => renderIngest(report, this.screen, report.checkpoints > 0 || existsSync(report.indexDir)),
    )
    if (report.failed.length > 0) this.setExit(EXIT_PARTIAL)
    if (report.failure) this.fail(report.failure)
    await metrics?.write(figuresOf(report), this.around.now())
    if (!report.interrupted) return
    this.setExit(EXIT_INTERRUPTED)
    if (this.asJson)
      this.hint('rag: what was committed is safe; run the same command again to go on where it stopped')
  }

  async #plan(request: IngestRequest): Promise<void> {
    const plan = await this.withRag((rag, call) => rag.planIngest(request, call))
    this.say(renderFailures(plan.failed))
    this.print(
      () => planJson(plan),
      () => renderPlan(plan, this.screen),
    )
    if (plan.failed.length > 0) this.setExit(EXIT_PARTIAL)
  }
}

function figuresOf(report: IngestReport): RunFigures {
  const {documents, failed, seconds, chunks, failure, interrupted} = report
  return {
    inserted: documents.added + documents.updated,
    skipped: documents.unchanged,
    failed: failed.length,
    seconds,
    pending: chunks.pending,
    isSuccess: failed.length === 0 && !failure && !interrupted,
  }
}
