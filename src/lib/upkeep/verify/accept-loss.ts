import {describeLoss} from '../../model/lost-commits.js'
import type {Services} from '../../ports/services.js'

/** Goes on without the commits that are gone. What was done, in words; nothing when none are. */
export async function acceptLoss(services: Pick<Services, 'store'>): Promise<readonly string[]> {
  const lost = await (await services.store.read()).lostCommits()
  if (!lost) return []
  const accepted = await (await services.store.write('write', {evenAfterLoss: true})).acceptLoss()
  // The store for reading was opened before the loss was accepted.
  await services.store.reopen()
  return [`Gone on without what was gone. ${describeLoss(accepted ?? lost)}.`]
}
