/** Who writes: enough to tell whether the process still lives. */
export interface LeaseHolder {
  readonly host: string
  readonly bootId: string
  readonly pid: number
  /** When the process began, as the system tells it, so that a reused pid is not taken for it. */
  readonly startedAt: string
}

/** The right to write one corpus. `token` grows with every holder; a commit with an old one is refused. */
export interface Lease {
  readonly corpus: string
  readonly token: number
}

/** A holder whose process can't be looked up is given up when its last heartbeat is older than this. */
export const LEASE_STALE_MS = 60_000

/**
 * The name of the lease of the whole store: it is given only while nobody holds another, and no other is given while it is held.
 * Taking it ends those of holders that were given up.
 */
export const WHOLE_STORE = '*'

const REEMBED = '#reembed'

/**
 * The name of the lease under which a corpus's next embedding version is made. It leaves the corpus to its writers: by it, vectors and
 * segments of a version in state `building` are written, and nothing else.
 */
export const reembedLease = (corpus: string): string => corpus + REEMBED

/** The corpus that a lease is about. */
export const corpusOfLease = (name: string): string =>
  name.endsWith(REEMBED) ? name.slice(0, -REEMBED.length) : name

export interface LeaseStore {
  /**
   * Takes the corpus's lease (or, by `WHOLE_STORE`, that of all, or by `reembedLease` that of its next version). That of a dead process on this host is taken over at once, that of a living one never; that
   * of another host when its heartbeat is older than `LEASE_STALE_MS`; where it lies in the future (the clock was set back), when it has not
   * been renewed for so long since this was first asked. Not re-entrant.
   * A token is never handed out twice for a name, be the lease released or the corpus deleted in between.
   * @throws RagError LEASE_HELD
   */
  acquireLease(corpus: string, holder: LeaseHolder, purpose: string): Promise<Lease>
  /** Says that the holder lives. @throws RagError LEASE_LOST */
  renewLease(lease: Lease): Promise<void>
  /** Gives it back; a lost lease is passed over. */
  releaseLease(lease: Lease): Promise<void>
  /** The leases held now. */
  listLeases(): Promise<
    readonly {corpus: string; holder: LeaseHolder; purpose: string; heartbeatAtMs: number; alive: boolean}[]
  >
}

/** Tells whether a holder's process is still there. */
export interface ProcessTable {
  self(): LeaseHolder
  /** Whether some process of this host has the pid. */
  isRunning(pid: number): boolean
  /** `unknown` for another host. */
  status(holder: LeaseHolder): 'alive' | 'dead' | 'unknown'
}
