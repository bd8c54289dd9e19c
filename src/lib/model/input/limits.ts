/**
 * What an input may ask of this process at most, whatever it claims. Each is documented in docs/limits.md, and has a test that crosses it and
 * one that stays just below.
 */
export const LIMITS = {
  /** Bytes of one MessagePack value: a record with all that it holds. */
  valueBytes: 128 * 1024 ** 2,
  /** Bytes of one text, or of bytes, in a record: as much as a file that is ingested may have by default. */
  textBytes: 64 * 1024 ** 2,
  /** Bad records of a batch, while they outnumber those that are whole: such a file is none of records. */
  faults: 10_000,
  /** Bad records of a batch, however many are whole. */
  mostFaults: 1_000_000,
  /** Bytes that a packed file may unpack to. */
  unpackedBytes: 64 * 1024 ** 3,
  /** Bytes that a packed file may unpack to per byte, once it has unpacked to more than `unpackedFreely`. */
  unpackedRatio: 250,
  unpackedFreely: 16 * 1024 ** 2,
  /** Levels of objects and lists in JSON that others wrote. */
  jsonDepth: 200,
  /** Bytes of the answer of a service. */
  answerBytes: 100 * 1024 ** 2,
  /** Bytes of a file of a model that is no network: its settings, its words. */
  modelTextBytes: 64 * 1024 ** 2,
  /** Bytes of a network whose length the hub does not say. */
  unannouncedBytes: 4 * 1024 ** 3,
  /** Bytes of one file of a model. */
  modelFileBytes: 64 * 1024 ** 3,
  /** Bytes of a file of a model that come in two minutes at least, breaks and new tries included. */
  downloadPaceBytes: 128 * 1024,
  /** Milliseconds that a search waits for a service to make its query's vector, connecting and trying again included. */
  queryVectorMs: 2000,
} as const
