import * as Flags from '@oclif/core/flags'
import type {RebuildRequest} from '../lib/index.js'
import {RagCommand} from '../cli/base-command.js'
import {EXIT_INTERRUPTED} from '../cli/exit-codes.js'
import {corpusFlag, waitFlag} from '../cli/flags/flags.js'
import {rebuildJson} from '../cli/json/rebuild.js'
import {modelFlags, modelGiven, modelWays} from '../cli/flags/model-flags.js'
import {optional} from '../cli/optional.js'
import {renderRebuild} from '../cli/reporters/rebuild.js'

export default class Rebuild extends RagCommand {
  static override summary = 'Make the index anew from stored vectors, or the vectors from stored texts.'
  static override description =
    'Keyword index and vector index are built beside those in use and switched to in one step; searches go on meanwhile, and a run that ' +
    'was cut short goes on where it stopped. --reembed leaves the corpus to other writers while it embeds; what they bring ' +
    'is in both. Nothing is embedded unless --reembed, --only-missing or --rollback asks for it.'
  static override examples = [
    '<%= config.bin %> rebuild --corpus handbook',
    '<%= config.bin %> rebuild --reembed --keep-old && <%= config.bin %> rebuild --rollback',
    '<%= config.bin %> rebuild --compact --dry-run --json',
    '<%= config.bin %> rebuild --reembed --only-missing --wait 600',
  ]
  static override finishesBatch = true
  static override flags = {
    corpus: corpusFlag,
    reembed: Flags.boolean({description: 'embed all texts anew, then switch'}),
    model: Flags.string({
      char: 'm',
      description: "with --reembed: the model to embed by; default: the corpus's own",
      helpValue: 'NAME',
    }),
    ...modelFlags,
    'only-missing': Flags.boolean({description: 'embed only what has no vector, or a placeholder'}),
    'keep-old': Flags.boolean({description: 'with --reembed: keep the old vectors and index for --rollback'}),
    rollback: Flags.boolean({
      description: 'go back to the vectors that were kept; those in use are kept instead',
    }),
    compact: Flags.boolean({
      description: 'only merge small index files, and write anew those with much waste',
    }),
    'dry-run': Flags.boolean({description: 'say what would be done, and change nothing', char: 'n'}),
    wait: waitFlag,
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Rebuild)
    const request: RebuildRequest = {
      corpus: this.corpus,
      ...optional({model: modelGiven(flags.model, this.around.cwd)}),
      modelOptions: modelWays(flags),
      reembed: flags.reembed,
      onlyMissing: flags['only-missing'],
      keepOld: flags['keep-old'],
      rollback: flags.rollback,
      compact: flags.compact,
    }
    const report = await this.withRag((rag, call) =>
      flags['dry-run'] ? rag.planRebuild(request) : rag.rebuild(request, call),
    )
    for (const note of report.notes) this.hint(`rag: note: ${note}`)
    this.print(
      () => rebuildJson(report),
      () => renderRebuild(report),
    )
    if (report.interrupted) this.setExit(EXIT_INTERRUPTED)
  }
}
