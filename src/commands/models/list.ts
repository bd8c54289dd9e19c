import {RagCommand} from '../../cli/base-command.js'
import {modelListJson} from '../../cli/json/models.js'
import {renderModelList} from '../../cli/reporters/models.js'

export default class ModelsList extends RagCommand {
  static override summary = 'List the models that are on this machine.'
  static override description =
    'Models lie in the folder that RAG_MODEL_DIR names, by owner and name. The built-in lsa needs none, and services have their own.'
  static override examples = ['<%= config.bin %> models list', '<%= config.bin %> models list --json']

  async run(): Promise<void> {
    await this.parse(ModelsList)
    const list = await this.withRag((rag) => rag.listModels())
    this.print(
      () => modelListJson(list),
      () => renderModelList(list, this.screen),
    )
  }
}
