import {readFileSync} from 'node:fs'
import path from 'node:path'
import {createLoaders} from '../../../src/lib/loading/create-loaders.js'
import type {Place} from '../../../src/lib/model/block.js'
import type {LoadedDocument} from '../../../src/lib/model/document.js'
import {RagError} from '../../../src/lib/model/errors.js'

const loaders = createLoaders()

/** A file that a real program made: see scripts/make-fixture-files.sh. */
export const fixture = (name: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(path.resolve('test/fixtures/files', name)))

/** Loads bytes under a file name, in this thread. */
export async function loadBytes(name: string, bytes: Uint8Array): Promise<LoadedDocument> {
  return loaders.find(name)!.load({name, bytes})
}

export const loadFixture = (name: string): Promise<LoadedDocument> => loadBytes(name, fixture(name))

/** The error of loading what can't be loaded. */
export async function refusalOf(name: string, bytes: Uint8Array): Promise<RagError> {
  try {
    await loadBytes(name, bytes)
  } catch (error) {
    if (error instanceof RagError) return error
    throw error
  }
  throw new Error(`${name} was loaded`)
}

/** Headings of a Markdown text, with their marks. */
export const headingsOf = ({text}: LoadedDocument): readonly string[] =>
  text.replace(/^```[^]*?^```/gm, '').match(/^#+ .*$/gm) ?? []

/** Lines that are rows of tables. */
export const tableRows = ({text}: LoadedDocument): readonly string[] => text.match(/^\|.*$/gm) ?? []

/** Where a piece of the text stands, by the loader. */
export function placeOf({text, places}: LoadedDocument, words: string): Place | undefined {
  const at = text.indexOf(words)
  if (at < 0) throw new Error(`the text has no "${words}"`)
  return places?.find(({start, end}) => start <= at && at < end)?.place
}

/** Whether places are in the order of the text, and do not overlap. */
export function arePlacesInOrder({text, places = []}: LoadedDocument): boolean {
  return places.every(
    ({start, end}, i) => start < end && end <= text.length && (i === 0 || places[i - 1]!.end <= start),
  )
}

/** Loads a file cut off at every kilobyte. Each cut is read as far as it goes, or refused by an error that names the file. */
export async function cutAtEveryKilobyte(
  name: string,
): Promise<{readonly read: number; readonly refused: number}> {
  const whole = fixture(name)
  const counts = {read: 0, refused: 0}
  for (let length = 0; length < whole.length; length += 1024)
    try {
      await loadBytes(name, whole.slice(0, length))
      counts.read++
    } catch (error) {
      if (!(error instanceof RagError) || !error.message.includes(name)) throw error
      counts.refused++
    }
  return counts
}
