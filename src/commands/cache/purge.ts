import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {RagCommand} from '../../cli/base-command.js'
import {cacheTables} from '../../cli/flags/cache-tables.js'
import {cacheRemovalJson} from '../../cli/json/cache.js'
import {optional} from '../../cli/optional.js'
import {renderCacheRemoval} from '../../cli/reporters/cache.js'

export default class CachePurge extends RagCommand {
  static override summary = 'Remove cached results for good.'
  static override description = 'Nothing is lost but time. Others may read and write meanwhile.'
  static override examples = [
    '<%= config.bin %> cache purge all',
    '<%= config.bin %> cache purge answers,retrieval --corpus handbook',
  ]
  static override args = {
    tables: Args.string({
      description: 'embeddings, retrieval, answers, separated by commas; or all',
      required: true,
    }),
  }
  static override flags = {
    corpus: Flags.string({char: 'c', description: 'only what was made for this corpus', helpValue: 'NAME'}),
    model: Flags.string({char: 'm', description: 'only what was made by this model', helpValue: 'NAME'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(CachePurge)
    const scope = {tables: cacheTables(args.tables), ...optional({corpus: flags.corpus, model: flags.model})}
    const removal = await this.withRag((rag) => rag.cachePurge(scope as Parameters<typeof rag.cachePurge>[0]))
    this.print(
      () => cacheRemovalJson(removal),
      () => renderCacheRemoval(removal),
    )
  }
}
