import * as Flags from '@oclif/core/flags'
import {RagCommand} from '../../cli/base-command.js'
import {badFlagValue} from '../../lib/model/errors/request/command-line.js'
import {nothingToPrune} from '../../lib/model/errors/request/cache.js'
import {sizeFlag} from '../../cli/flags/flags.js'
import {cacheRemovalJson} from '../../cli/json/cache.js'
import {parseAge} from '../../cli/flags/parse-age.js'
import {renderCacheRemoval} from '../../cli/reporters/cache.js'

export default class CachePrune extends RagCommand {
  static override summary = 'Remove cached results that were not used for long, or down to a size.'
  static override examples = [
    '<%= config.bin %> cache prune --older-than 30d',
    '<%= config.bin %> cache prune --max-size 2GB --json',
  ]
  static override flags = {
    'older-than': Flags.string({
      description: 'remove what was not used for so long: 30d, 12h, 90m',
      helpValue: 'AGE',
    }),
    'max-size': sizeFlag('max-size', 'then the least recently used, until all is no larger'),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(CachePrune)
    const {'older-than': age, 'max-size': maxBytes} = flags
    if (age === undefined && maxBytes === undefined) throw nothingToPrune()
    const olderThanMs = age === undefined ? undefined : parseAge(age)
    if (age !== undefined && olderThanMs === undefined)
      throw badFlagValue('older-than', age, 'a time such as 30d, 12h or 90m')
    const removal = await this.withRag((rag) => rag.cachePrune({olderThanMs, maxBytes}))
    this.print(
      () => cacheRemovalJson(removal),
      () => renderCacheRemoval(removal),
    )
  }
}
