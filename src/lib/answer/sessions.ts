import type {Profile, Session, SessionSummary} from '../model/session.js'
import type {SessionRemoval, SessionScope} from '../ports/store/session-store.js'
import {sessionMissing} from '../model/errors/request/sessions.js'
import type {Services} from '../ports/services.js'

/** `Rag.listSessions`. */
export async function listSessions(
  services: Pick<Services, 'store'>,
  scope: SessionScope & {readonly limit?: number | undefined},
): Promise<readonly SessionSummary[]> {
  return (await services.store.read()).listSessions(scope)
}

/** `Rag.showSession`. @throws RagError SESSION_MISSING */
export async function showSession(services: Pick<Services, 'store'>, id: string): Promise<Session> {
  const session = await (await services.store.read()).readSession(id)
  if (!session) throw sessionMissing(id)
  return session
}

/** `Rag.showProfile`. */
export async function showProfile(
  services: Pick<Services, 'store'>,
  user: string,
): Promise<Profile | undefined> {
  return (await services.store.read()).getProfile(user)
}

/** `Rag.deleteSessions`. */
export async function deleteSessions(
  services: Pick<Services, 'store'>,
  scope: SessionScope,
  options: {readonly profiles?: boolean | undefined},
): Promise<SessionRemoval> {
  await services.store.read()
  return (await services.store.write('write')).deleteSessions(scope, options)
}
