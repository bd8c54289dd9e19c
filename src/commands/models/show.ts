import * as Args from '@oclif/core/args'
import {RagCommand} from '../../cli/base-command.js'
import {EXIT_DAMAGED} from '../../cli/exit-codes.js'
import {modelReportJson} from '../../cli/json/models.js'
import {modelGiven} from '../../cli/flags/model-flags.js'
import {renderModel} from '../../cli/reporters/models.js'

export default class ModelsShow extends RagCommand {
  static override summary =
    'Show one model: what it is, how it is used, and whether its files are as they came.'
  static override description =
    'A model that was pulled is held against the hashes of then; exit 5 when a file differs.'
  static override examples = [
    '<%= config.bin %> models show all-MiniLM-L6-v2',
    '<%= config.bin %> models show ./my-model --json',
  ]
  static override args = {
    name: Args.string({
      description: 'owner/name, name, or path of a folder',
      required: true,
      ignoreStdin: true,
    }),
  }

  async run(): Promise<void> {
    const {args} = await this.parse(ModelsShow)
    const name = modelGiven(args.name, this.around.cwd) ?? args.name
    const report = await this.withRag((rag) => rag.showModel(name))
    this.print(
      () => modelReportJson(report),
      () => renderModel(report, this.screen),
    )
    if ((report.damage ?? []).length > 0) this.setExit(EXIT_DAMAGED)
  }
}
