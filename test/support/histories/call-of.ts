import type {Reply, Request, Verb} from './client.js'
import type {Call, Outcome, ReadCall} from './history.js'

const READS: readonly Verb[] = ['list', 'show', 'search']
const WRITES: readonly Verb[] = ['upsert', 'ingest', 'replay', 'delete', 'purge']

/** Codes that a call may end with beside others; each of them says that it was not done, or not wholly. */
export const EXPECTED: ReadonlySet<string> = new Set([
  'LEASE_HELD',
  'LEASE_LOST',
  'STORE_BUSY',
  'CORPUS_MISSING',
])

/** What is written down of a request and its reply; undefined where the process ended instead. */
export function callOf(
  {verb, corpus, docIds, mark}: Request,
  at: Pick<Call, 'id' | 'client' | 'begin' | 'end'> & {readonly reply: Reply | undefined},
): Call {
  const {reply, ...rest} = at
  const common = {...rest, corpus, outcome: outcomeOf(reply), version: reply?.version}
  if (READS.includes(verb)) {
    const about: ReadCall['about'] = verb === 'show' ? docIds : 'all'
    return {...common, what: 'read', about, saw: reply?.saw ?? {}}
  }
  const left = verb === 'delete' || verb === 'purge' ? null : mark
  const docs = WRITES.includes(verb) ? docIds : (reply?.removed ?? [])
  const writes = Object.fromEntries(docs.map((id) => [id, verb === 'sweep' ? null : left]))
  return {...common, what: 'write', verb, writes}
}

function outcomeOf(reply: Reply | undefined): Outcome {
  if (reply && reply.code === undefined) return 'done'
  return reply?.code === 'LEASE_HELD' ? 'refused' : 'unknown'
}
