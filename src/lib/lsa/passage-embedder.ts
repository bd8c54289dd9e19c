import type {EmbedderIdentity} from '../model/embedding.js'
import type {Embedder} from '../ports/embedder.js'
import {throwIfAborted, type Lanes} from './lanes.js'
import type {ModelTables} from './lsa-tasks.js'
import {LSA_WEIGHT} from './query-embedder.js'

/** Texts a call. */
const BATCH = 256
/** So many texts are embedded on the calling thread before workers are started: a small update is done sooner without. */
const INLINE_TEXTS = 64

/** An embedder with the whole model in memory, shared by all lanes. `few` is used at first, `many` once there is much to do. */
export function passageEmbedder(
  tables: ModelTables,
  identity: EmbedderIdentity,
  lanes: {readonly few: Lanes; readonly many: () => Lanes; readonly threads: number},
): Embedder {
  const loaded = (chosen: Lanes): {lanes: Lanes; ready: Promise<void>} => {
    const ready = chosen.everywhere({type: 'load', tables})
    // Whoever embeds waits for it and learns of a failure; without this line a failure before that would end the process.
    ready.catch(() => undefined)
    return {lanes: chosen, ready}
  }
  const few = loaded(lanes.few)
  let many: ReturnType<typeof loaded> | undefined
  let seen = 0
  return {
    identity,
    limits: {batch: BATCH, concurrency: lanes.threads},
    defaultWeight: LSA_WEIGHT,
    embed: async (inputs, {kind, signal}) => {
      throwIfAborted(signal)
      seen += inputs.length
      const chosen = seen <= INLINE_TEXTS ? few : (many ??= loaded(lanes.many()))
      await chosen.ready
      const vectors = await chosen.lanes.run({type: 'embed', inputs, kind})
      throwIfAborted(signal)
      return vectors
    },
    close: async () => {
      await few.lanes.close()
      await many?.lanes.close()
    },
  }
}
