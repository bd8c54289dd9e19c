import * as Flags from '@oclif/core/flags'
import {RagCommand} from '../../cli/base-command.js'
import {cacheTables} from '../../cli/flags/cache-tables.js'
import {cacheRemovalJson, cacheStatsJson} from '../../cli/json/cache.js'
import {renderCacheRemoval, renderCacheStats} from '../../cli/reporters/cache.js'

export default class Cache extends RagCommand {
  static override summary =
    'The caches of vectors, search results and answers, in the spelling of older scripts.'
  static override description =
    'The same as `rag cache stats` and `rag cache purge TABLES`. Without a flag: the counts.'
  static override examples = [
    '<%= config.bin %> cache --stats',
    '<%= config.bin %> cache --purge answers,retrieval',
    '<%= config.bin %> cache --purge all',
  ]
  static override flags = {
    stats: Flags.boolean({description: 'count what the caches hold'}),
    purge: Flags.string({
      description: 'remove the results of these tables: embeddings, retrieval, answers; or all',
      helpValue: 'TABLES',
      exclusive: ['stats'],
    }),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Cache)
    if (flags.purge !== undefined) {
      const tables = cacheTables(flags.purge)
      const removal = await this.withRag((rag) => rag.cachePurge({tables}))
      return this.print(
        () => cacheRemovalJson(removal),
        () => renderCacheRemoval(removal),
      )
    }
    const stats = await this.withRag((rag) => rag.cacheStats())
    this.print(
      () => cacheStatsJson(stats),
      () => renderCacheStats(stats, this.screen),
    )
  }
}
