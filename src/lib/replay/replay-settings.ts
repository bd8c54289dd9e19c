import {firstHeader, scanBatch} from './reading/scan-batch.js'
import {decodeRecord} from '../codec/decode-record.js'
import type {DecodedMap} from '../codec/decode-value.js'
import {readBatch} from '../codec/read-batch.js'
import type {BatchHeader} from '../model/batch-record.js'
import type {Corpus, CorpusSettings} from '../model/corpus.js'
import {LEARNED_MODEL, modelOrigin} from '../model/embedding.js'
import {exportedSettingsBad} from '../model/errors/files/exported-batch.js'
import {isAbout} from '../model/errors/questions.js'
import {RagError} from '../model/errors/rag-error.js'
import {noModelName} from '../model/errors/corpus/model.js'
import type {ReplayRequest} from '../model/operations/replay.js'
import type {BatchSet} from './batch-set.js'
import type {BatchFile, BatchFiles} from '../ports/files/batch-files.js'
import {UNNAMED} from '../embedding/accept-vectors.js'
import {effectiveSettings, newSettings} from '../corpus/corpus-settings.js'

/** What a call says of the corpus that its batches go to. */
type CorpusRequest = Pick<ReplayRequest, 'corpus' | 'settings' | 'reembed' | 'dummyFill'>

/** What the corpus is built with from now on: a new one as the export was that it is made of. @throws RagError USAGE | MODEL_UNKNOWN | BAD_INPUT */
export async function replaySettings(
  {files, paths}: Pick<BatchSet, 'files' | 'paths'>,
  corpus: Corpus | undefined,
  request: CorpusRequest,
  signal: AbortSignal | undefined,
): Promise<CorpusSettings> {
  const {settings: given, reembed, dummyFill} = request
  if (corpus) return effectiveSettings(corpus.settings, given)
  const {path, header} = await headerOfFirst(files, paths, signal)
  const needsName = !reembed && dummyFill === undefined && given?.model === undefined
  if (needsName && !header.origin && header.model === undefined)
    await requireModelName(request.corpus, files, paths, signal)
  const chosen = {...chosenModel(header, request), ...given}
  try {
    return newSettings({...exportedSettings(header), ...chosen})
  } catch (error) {
    newSettings(chosen)
    throw exportedSettingsBad(path, error)
  }
}

/** So many records at the head of a file are looked at before anything is made; a vector that comes later is refused when it comes. */
const HEAD_RECORDS = 1000

/** A corpus that is not there yet can't take vectors of no known model. @throws RagError USAGE before anything is made */
async function requireModelName(
  corpus: string,
  files: BatchFiles,
  paths: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const path of paths.slice(0, HEAD_RECORDS))
    await withBatch(files, path, async (file) => {
      if (await hasVectors(file, signal)) throw noModelName(corpus)
    })
}

async function hasVectors(file: BatchFile, signal: AbortSignal | undefined): Promise<boolean> {
  const {headers} = await scanBatch(file, signal)
  for await (const item of readBatch(file.read(signal))) {
    if (item.kind === 'header' || item.kind === 'start') continue
    if (item.place.record > HEAD_RECORDS) return false
    const isNamed = item.kind === 'record' && headers.get(item.batch)?.model !== undefined
    if (item.kind === 'record' && !isNamed && hasEmbedding(item.fields)) return true
  }
  return false
}

/** What is wrong with a record is told when it is loaded. */
function hasEmbedding(fields: DecodedMap): boolean {
  try {
    return decodeRecord(fields).embedding !== undefined
  } catch (error) {
    if (error instanceof RagError) return false
    throw error
  }
}

/** Settings of the corpus that was exported, but for what belongs to the store it was in. */
function exportedSettings({origin}: BatchHeader): Partial<CorpusSettings> {
  const entries = Object.entries(origin?.settings ?? {}).filter(([key]) => key !== 'analyser')
  return Object.fromEntries(entries)
}

function chosenModel(
  {origin, model}: BatchHeader,
  {reembed, dummyFill}: CorpusRequest,
): Partial<CorpusSettings> {
  const exported = origin?.settings['model']
  const isExternal = typeof exported === 'string' && modelOrigin({model: exported}) === 'external'
  // Vectors that only come with documents can't be made anew.
  if (reembed) return isExternal ? {model: LEARNED_MODEL} : {}
  const isUnknown = exported === undefined && model === undefined
  return dummyFill !== undefined && isUnknown ? {model: UNNAMED} : {}
}

/** Of the first file that can be read. */
async function headerOfFirst(
  files: BatchFiles,
  paths: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{path: string; header: BatchHeader}> {
  for (const path of paths) {
    const header = await withBatch(files, path, (file) => firstHeader(file, signal))
    if (header) return {path, header}
  }
  return {path: '', header: {}}
}

/** What is wrong with a file is told when it is loaded. */
async function withBatch<T>(
  files: BatchFiles,
  path: string,
  read: (file: BatchFile) => Promise<T>,
): Promise<T | undefined> {
  try {
    const file = await files.open(path)
    try {
      return await read(file)
    } finally {
      await file.close()
    }
  } catch (error) {
    if (isAbout(error, 'batch') && error.code !== 'INTERRUPTED') return undefined
    throw error
  }
}
