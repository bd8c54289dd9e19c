import {RagCommand} from '../cli/base-command.js'
import {configJson} from '../cli/json/config.js'
import {renderConfig} from '../cli/reporters/config.js'

export default class ConfigShow extends RagCommand {
  static override summary = 'Print every setting and where its value came from.'
  static override description =
    'A flag beats an environment variable, which beats config.json in the data folder, which beats the default. Secrets are not shown.'
  static override examples = ['<%= config.bin %> config', 'RAG_CORPUS=notes <%= config.bin %> config --json']

  async run(): Promise<void> {
    await this.parse(ConfigShow)
    this.print(
      () => configJson(this.settings),
      () => renderConfig(this.settings, this.screen),
    )
  }
}
