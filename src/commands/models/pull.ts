import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {MODEL_DTYPES} from '../../lib/index.js'
import {RagCommand} from '../../cli/base-command.js'
import {pulledModelJson} from '../../cli/json/models.js'
import {optional} from '../../cli/optional.js'
import {renderPulled} from '../../cli/reporters/models.js'

export default class ModelsPull extends RagCommand {
  static override summary = 'Fetch a model from a hub, and check it.'
  static override description =
    'Goes by HF_ENDPOINT (a mirror), HTTPS_PROXY and NO_PROXY; HF_TOKEN is sent to the hub alone. A model that is here already is not ' +
    'fetched again, and stays until the new one is whole.'
  static override examples = [
    '<%= config.bin %> models pull Xenova/all-MiniLM-L6-v2',
    '<%= config.bin %> models pull Xenova/multilingual-e5-small --dtype q8',
    'HF_ENDPOINT=https://mirror.example <%= config.bin %> models pull Xenova/bge-small-en-v1.5 --json',
  ]
  /** What was fetched is put away when a signal comes. */
  static override finishesBatch = true
  static override args = {
    name: Args.string({
      description: 'owner/name; a bare name means that of Xenova',
      required: true,
      ignoreStdin: true,
    }),
  }
  static override flags = {
    dtype: Flags.string({
      description: 'precision of the weights',
      options: [...MODEL_DTYPES],
      default: 'fp32',
      helpValue: 'TYPE',
    }),
    revision: Flags.string({description: 'branch, tag or commit; default main', helpValue: 'NAME'}),
    force: Flags.boolean({description: 'fetch it anew, also when it is here'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ModelsPull)
    const request = {
      name: args.name,
      dtype: flags.dtype,
      force: flags.force,
      ...optional({revision: flags.revision}),
    }
    const model = await this.withRag((rag, call) => rag.pullModel(request, call))
    this.print(
      () => pulledModelJson(model),
      () => renderPulled(model),
    )
  }
}
