import {closeSync, openSync, readSync} from 'node:fs'
import {crc32} from 'node:zlib'
import {FRAME_HEADER, LOG_HEADER} from './log-frames.js'

/** A page of the database, and the CRC-32 of what the log holds of it last. */
export type PageSum = readonly [page: number, sum: number]

/** Pages of which a record holds sums. */
const MOST = 12

/**
 * Sums of some of the pages that copying a log's first frames writes to the database. SQLite copies pages in ascending order: the last one
 * is among them, and others spread over the rest.
 */
export function samplePages(log: string, frames: number): {pageBytes: number; pages: readonly PageSum[]} {
  return reading(log, (read) => {
    const pageBytes = read(0, LOG_HEADER).readUInt32BE(8)
    const frameBytes = FRAME_HEADER + pageBytes
    const latest = new Map<number, number>()
    let pagesAfter = Infinity
    for (let n = 0; n < frames; n++) {
      const header = read(LOG_HEADER + n * frameBytes, 8)
      latest.set(header.readUInt32BE(0), n)
      pagesAfter = header.readUInt32BE(4) || pagesAfter
    }
    const written = [...latest.keys()].filter((page) => page <= pagesAfter).sort((a, b) => b - a)
    const step = Math.max(1, written.length / MOST)
    const sampled = Array.from(
      {length: Math.min(MOST, written.length)},
      (_, i) => written[Math.floor(i * step)]!,
    )
    const sumOf = (page: number): number =>
      crc32(read(LOG_HEADER + latest.get(page)! * frameBytes + FRAME_HEADER, pageBytes))
    return {pageBytes, pages: sampled.map((page) => [page, sumOf(page)])}
  })
}

/** Whether the database holds all of these pages. */
export function holdsPages(database: string, pageBytes: number, pages: readonly PageSum[]): boolean {
  try {
    return reading(database, (read) =>
      pages.every(([page, sum]) => crc32(read((page - 1) * pageBytes, pageBytes)) === sum),
    )
  } catch {
    return false
  }
}

/** Bytes of a file from a place on; zeros beyond its end. */
type Read = (at: number, length: number) => Buffer

function reading<T>(path: string, work: (read: Read) => T): T {
  const file = openSync(path, 'r')
  try {
    return work((at, length) => {
      const bytes = Buffer.alloc(length)
      readSync(file, bytes, 0, length, at)
      return bytes
    })
  } finally {
    closeSync(file)
  }
}
