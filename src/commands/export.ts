import * as Flags from '@oclif/core/flags'
import {RagCommand} from '../cli/base-command.js'
import {corpusFlag, wholeFlag} from '../cli/flags/flags.js'
import {exportJson} from '../cli/json/export.js'
import {optional} from '../cli/optional.js'
import {renderExport} from '../cli/reporters/export.js'
import type {ExportRequest} from '../lib/index.js'

export default class Export extends RagCommand {
  static override summary = 'Write a corpus as batches that rag replay makes the same corpus of.'
  static override description =
    'Documents, chunks, metadata and vectors as they are at one instant, whoever writes meanwhile, with a manifest of checksums. The ' +
    'same state gives the same files. A second export of the corpus into the folder takes the place of the first; a folder of anything else is left alone.'
  static override examples = [
    '<%= config.bin %> export --corpus handbook --out handbook-export',
    '<%= config.bin %> export --out changes --since 1204 --compress zstd',
    '<%= config.bin %> export --out lines --format jsonl --no-vectors',
  ]
  static override flags = {
    corpus: corpusFlag,
    out: Flags.string({
      description: 'folder to write to: new, empty, or of an earlier export of the corpus',
      helpValue: 'DIR',
      required: true,
    }),
    format: Flags.string({
      description: 'msgpack keeps everything',
      options: ['msgpack', 'jsonl'],
      default: 'msgpack',
    }),
    'max-records': wholeFlag('max-records', {description: 'most records a file; default 10,000', least: 1}),
    since: wholeFlag('since', {
      description: 'only what changed after this version of the corpus (corpus_version of an earlier export)',
      helpValue: 'VERSION',
      least: 0,
    }),
    compress: Flags.string({description: 'pack each file', options: ['gzip', 'zstd']}),
    'no-vectors': Flags.boolean({description: 'leave the vectors out'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Export)
    const request = {
      corpus: this.corpus,
      dir: flags.out,
      noVectors: flags['no-vectors'],
      ...optional({
        format: flags.format as ExportRequest['format'],
        maxRecords: flags['max-records'],
        since: flags.since,
        compress: flags.compress as ExportRequest['compress'],
      }),
    } as ExportRequest
    const report = await this.withRag((rag, call) => rag.export(request, call))
    this.print(
      () => exportJson(report),
      () => renderExport(report, this.screen),
    )
  }
}
