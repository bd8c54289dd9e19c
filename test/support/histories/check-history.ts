import type {Call, Contents, History, ReadCall, WriteCall} from './history.js'

/** What is wrong with a history, in words; empty when the promises held. */
export function checkHistory({calls, final}: History): readonly string[] {
  const writes = calls.filter((call): call is WriteCall => call.what === 'write')
  const reads = calls.filter((call): call is ReadCall => call.what === 'read' && call.outcome === 'done')
  const corpora = [...new Set([...calls.map(({corpus}) => corpus), ...Object.keys(final)])]
  return corpora.flatMap((corpus) => {
    const of = {
      writes: writes.filter((it) => it.corpus === corpus),
      reads: [...reads.filter((it) => it.corpus === corpus), lastRead(corpus, calls, final[corpus] ?? {})],
    }
    return [...wrongReads(of), ...returned(of), ...wrongVersions(calls.filter((it) => it.corpus === corpus))]
  })
}

interface OfCorpus {
  readonly writes: readonly WriteCall[]
  readonly reads: readonly ReadCall[]
}

/** The final content is what a read after everything sees. */
function lastRead(corpus: string, calls: readonly Call[], saw: Contents): ReadCall {
  const end = Math.max(0, ...calls.map((it) => it.end ?? it.begin)) + 1
  const common = {id: -1, client: 'the end', corpus, outcome: 'done', what: 'read'} as const
  return {...common, begin: end, end, about: 'all', saw}
}

/** Each document that a read saw, or did not see, must be left by a write that may have been the last one before it. */
function wrongReads({writes, reads}: OfCorpus): string[] {
  const byDocument = new Map<string, WriteCall[]>()
  for (const write of writes)
    for (const docId of Object.keys(write.writes))
      byDocument.set(docId, [...(byDocument.get(docId) ?? []), write])
  return reads.flatMap((read) => {
    const asked = read.about === 'all' ? [...byDocument.keys()] : read.about
    const docIds = [...new Set([...asked, ...Object.keys(read.saw)])]
    return docIds.flatMap((docId) => {
      const fault = wrongMark(docId, read, byDocument.get(docId) ?? [])
      return fault === undefined ? [] : [`${nameOf(read)}: ${fault}`]
    })
  })
}

function wrongMark(docId: string, read: ReadCall, writes: readonly WriteCall[]): string | undefined {
  const mark = read.saw[docId] ?? null
  const sources = writes.filter((it) => it.writes[docId] === mark && it.begin <= read.end!)
  if (mark !== null && sources.length === 0) return `${docId} holds ${mark}, which nobody wrote`
  const may = sources.filter((it) => it.outcome !== 'refused')
  if (mark !== null && may.length === 0)
    return `${docId} holds ${mark} of ${nameOf(sources[0]!)}, which was refused`
  // The last first: it is nearly always that which counts.
  let by: WriteCall | undefined
  for (const source of may.reverse()) {
    by = overwriter(source, read, writes)
    if (!by) return undefined
  }
  // Before the first write there is none.
  if (mark === null) by = firstDone(read, writes)
  if (!by) return undefined
  const shown = mark === null ? 'is not there' : `holds ${mark}`
  return `${docId} ${shown}, though ${nameOf(by)} (${by.writes[docId] ?? 'a deletion'}) was done before`
}

/** A write that was done after another, and before a read began. */
function overwriter(write: WriteCall, read: ReadCall, writes: readonly WriteCall[]): WriteCall | undefined {
  return writes.find((it) => it !== write && isDoneBefore(it, read) && isAfter(it, write))
}

const firstDone = (read: ReadCall, writes: readonly WriteCall[]): WriteCall | undefined =>
  writes.find((it) => isDoneBefore(it, read))

const isDoneBefore = (write: WriteCall, read: ReadCall): boolean =>
  write.outcome === 'done' && write.end !== undefined && write.end < read.begin

/** A call that was killed may last as long as its process; one that lost its lease came before those that took it. */
const isAfter = (later: WriteCall, earlier: WriteCall): boolean =>
  (earlier.end !== undefined && earlier.end < later.begin) || (earlier.lostTo ?? []).includes(later.id)

/** What a write has left is not seen again by a read that began after one that no longer saw it. */
function returned({writes, reads}: OfCorpus): string[] {
  const inOrder = [...reads].sort((a, b) => a.begin - b.begin)
  return writes
    .filter(({outcome}) => outcome === 'unknown' || outcome === 'late')
    .flatMap((write) => {
      const over = writes.filter(({id}) => write.lostTo?.includes(id))
      const gone = Math.min(write.end ?? Infinity, ...over.map(({end}) => end ?? Infinity))
      return Object.entries(write.writes).flatMap(([docId, mark]) => {
        const without = inOrder.find(
          (it) => it.begin > gone && it.about === 'all' && (it.saw[docId] ?? null) !== mark,
        )
        if (mark === null || !without) return []
        const again = inOrder.find((it) => it.begin > without.end! && it.saw[docId] === mark)
        return again
          ? [`${nameOf(again)}: ${docId} holds ${mark} of ${nameOf(write)}, which was gone before`]
          : []
      })
    })
}

/** Versions never go down from a call to one that began after it, and no two writes that changed something make the same one. */
function wrongVersions(calls: readonly Call[]): string[] {
  const told = calls.filter((it) => it.outcome === 'done' && it.version !== undefined && it.end !== undefined)
  const byEnd = [...told].sort((a, b) => a.end! - b.end!)
  const faults: string[] = []
  let [next, highest]: [number, Call | undefined] = [0, undefined]
  for (const call of [...told].sort((a, b) => a.begin - b.begin)) {
    for (; next < byEnd.length && byEnd[next]!.end! < call.begin; next++)
      if (!highest || byEnd[next]!.version! > highest.version!) highest = byEnd[next]
    if (highest && call.version! < highest.version!)
      faults.push(`${nameOf(call)}: version ${call.version}, after ${highest.version} of ${nameOf(highest)}`)
  }
  const makers = new Map<number, Call>()
  for (const call of told) {
    if (call.what === 'read' || Object.keys(call.writes).length === 0) continue
    const other = makers.get(call.version!)
    if (other) faults.push(`${nameOf(call)} and ${nameOf(other)} both made version ${call.version}`)
    makers.set(call.version!, call)
  }
  return faults
}

const nameOf = (call: Call): string =>
  `${call.what === 'write' ? call.verb : 'read'} ${call.id < 0 ? 'of the end' : call.id} by ${call.client} (${call.corpus})`
