import type {Profile, Session, SessionSummary} from '../model/session.js'
import type {SessionRemoval, SessionScope} from '../ports/store/session-store.js'
import {sessionMissing} from '../model/errors.js'
import type {Environment} from './environment.js'

/** `Rag.listSessions`. */
export async function listSessions(
  env: Environment,
  scope: SessionScope & {readonly limit?: number},
): Promise<readonly SessionSummary[]> {
  return (await env.reader()).listSessions(scope)
}

/** `Rag.showSession`. @throws RagError SESSION_MISSING */
export async function showSession(env: Environment, id: string): Promise<Session> {
  const session = await (await env.reader()).readSession(id)
  if (!session) throw sessionMissing(id)
  return session
}

/** `Rag.showProfile`. */
export async function showProfile(env: Environment, user: string): Promise<Profile | undefined> {
  return (await env.reader()).getProfile(user)
}

/** `Rag.deleteSessions`. */
export async function deleteSessions(
  env: Environment,
  scope: SessionScope,
  options: {readonly profiles?: boolean},
): Promise<SessionRemoval> {
  await env.reader()
  return (await env.writer('write')).deleteSessions(scope, options)
}
