import {RagCommand} from '../../cli/base-command.js'
import {cacheStatsJson} from '../../cli/json/cache.js'
import {renderCacheStats} from '../../cli/reporters/cache.js'

export default class CacheStats extends RagCommand {
  static override summary = 'Count what the caches hold, and how often that was of use.'
  static override examples = ['<%= config.bin %> cache stats', '<%= config.bin %> cache stats --json']

  async run(): Promise<void> {
    await this.parse(CacheStats)
    const stats = await this.withRag((rag) => rag.cacheStats())
    this.print(
      () => cacheStatsJson(stats),
      () => renderCacheStats(stats, this.screen),
    )
  }
}
