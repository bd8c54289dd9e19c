import {conversationOfAnother} from '../../../model/errors/request/sessions.js'
import {learnedProfile, type Profile} from '../../../model/session.js'
import type {SessionRemoval, SessionScope, SessionStore} from '../../../ports/store/session-store.js'
import {insertInto, setting, withChecksum} from '../checksums/checked-writes.js'
import {requireWhole, wholeRows} from '../checksums/whole-rows.js'
import type {Connection} from '../connection.js'
import {insertMessage, readMessages, SUMMARY, toSummary, type SummaryRow} from './session-rows.js'

export function sessionStore(on: Connection): SessionStore {
  return {
    appendTurn: ({id, user}, {question, answer}) =>
      on.write(() => {
        const now = on.clock.now()
        const owner = on.sql<{user: string | null}>('SELECT user FROM sessions WHERE id = ?').get(id)
        if (owner?.user != null && user !== undefined && owner.user !== user) throw conversationOfAnother(id)
        if (owner) on.sql(CONTINUE).run({id, user: user ?? null, now})
        else on.sql(insertInto('sessions')).run(withChecksum('sessions', [id, user ?? null, now, now]))
        insertMessage(on, id, question)
        return insertMessage(on, id, answer) / 2
      }),
    readSession: (id, last = -1) =>
      on.read(() => {
        const [row] = requireWhole(on, 'sessions', on.sql<SummaryRow>(`${SUMMARY} WHERE s.id = ?`).all(id))
        return row && {...toSummary(row), log: readMessages(on, id, last)}
      }),
    listSessions: (scope) =>
      on.read(() => {
        const {where, params} = conditions(scope)
        const rows = on
          .sql<SummaryRow>(`${SUMMARY} ${where} ORDER BY s.updated_at_ms DESC, s.id LIMIT ?`)
          .all(...params, scope.limit ?? -1)
        return wholeRows(on, 'sessions', rows).map(toSummary)
      }),
    deleteSessions: (scope, options) => deleteSessions(on, scope, options?.profiles === true),
    getProfile: (user) => on.read(() => readProfile(on, user)),
    learn: (user, change) =>
      on.write(() => {
        const profile = learnedProfile(readProfile(on, user), {user, change, nowMs: on.clock.now()})
        on.sql(insertInto('profiles', REPLACE_PROFILE)).run(
          withChecksum('profiles', [user, JSON.stringify(profile), profile.updatedAtMs]),
        )
        return profile
      }),
  }
}

const CONTINUE = `UPDATE sessions SET ${setting('sessions', {
  user: 'coalesce(user, $user)',
  updated_at_ms: '$now',
})} WHERE id = $id`
const REPLACE_PROFILE = `ON CONFLICT (user) DO UPDATE SET profile = excluded.profile, updated_at_ms = excluded.updated_at_ms,
  checksum = excluded.checksum`

function readProfile(on: Connection, user: string): Profile | undefined {
  const rows = on.sql<{profile: string}>('SELECT * FROM profiles WHERE user = ?').all(user)
  const [row] = wholeRows(on, 'profiles', rows)
  return row && (JSON.parse(row.profile) as Profile)
}

function conditions({ids, user}: SessionScope): {where: string; params: unknown[]} {
  const parts = [
    ...(ids === undefined ? [] : ['s.id IN (SELECT value FROM json_each(?))']),
    ...(user === undefined ? [] : ['s.user = ?']),
  ]
  const params = [...(ids === undefined ? [] : [JSON.stringify(ids)]), ...(user === undefined ? [] : [user])]
  return {where: parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`, params}
}

/** `secure_delete` overwrites the rows; the checkpoint empties the write-ahead log. */
async function deleteSessions(
  on: Connection,
  scope: SessionScope,
  profiles: boolean,
): Promise<SessionRemoval> {
  const removed = await on.write(() => {
    const {where, params} = conditions(scope)
    const sessions = on
      .sql<string>(`SELECT s.id FROM sessions s ${where} ORDER BY s.id`)
      .pluck()
      .all(...params)
    const ids = JSON.stringify(sessions)
    const ofThem = 'session_id IN (SELECT value FROM json_each(?))'
    on.sql(`DELETE FROM message_sources WHERE message_id IN (SELECT id FROM messages WHERE ${ofThem})`).run(
      ids,
    )
    const messages = on.sql(`DELETE FROM messages WHERE ${ofThem}`).run(ids).changes
    on.sql('DELETE FROM sessions WHERE id IN (SELECT value FROM json_each(?))').run(ids)
    return {sessions: sessions as string[], messages, profiles: profiles ? removeProfiles(on, scope) : 0}
  })
  return {...removed, erased: await on.emptyLog()}
}

function removeProfiles(on: Connection, {user}: SessionScope): number {
  return user === undefined
    ? on.sql('DELETE FROM profiles').run().changes
    : on.sql('DELETE FROM profiles WHERE user = ?').run(user).changes
}
