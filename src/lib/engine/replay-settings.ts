import {surveyBatch} from '../artifacts/survey-batch.js'
import type {BatchHeader} from '../model/batch-record.js'
import type {Corpus, CorpusSettings} from '../model/corpus.js'
import {modelOrigin} from '../model/embedding.js'
import {RagError} from '../model/errors.js'
import type {ReplayRequest} from '../model/replay.js'
import type {BatchFiles} from '../ports/batch-files.js'
import {UNNAMED} from './accept-vectors.js'
import {effectiveSettings, newSettings} from './corpus-settings.js'

interface Surroundings {
  readonly files: BatchFiles
  readonly corpus: Corpus | undefined
  readonly paths: readonly string[]
  readonly request: ReplayRequest
}

/** What the corpus is built with from now on: a new one as the export was that it is made of. @throws RagError USAGE | MODEL_UNKNOWN */
export async function replaySettings(
  {files, corpus, paths, request}: Surroundings,
  signal: AbortSignal | undefined,
): Promise<CorpusSettings> {
  const {settings: given} = request
  if (corpus) return effectiveSettings(corpus.settings, given)
  const header = await firstHeader(files, paths, signal)
  return newSettings({...exportedSettings(header), ...chosenModel(header, request), ...given})
}

/** Settings of the corpus that was exported, but for what belongs to the store it was in. */
function exportedSettings({origin}: BatchHeader): Partial<CorpusSettings> {
  const entries = Object.entries(origin?.settings ?? {}).filter(([key]) => key !== 'analyser')
  return Object.fromEntries(entries)
}

function chosenModel(
  {origin, model}: BatchHeader,
  {reembed, dummyFill}: ReplayRequest,
): Partial<CorpusSettings> {
  const exported = origin?.settings['model']
  const isExternal = typeof exported === 'string' && modelOrigin({model: exported}) === 'external'
  // Vectors that only come with documents can't be made anew.
  if (reembed) return isExternal ? {model: 'lsa'} : {}
  const isUnknown = exported === undefined && model === undefined
  return dummyFill !== undefined && isUnknown ? {model: UNNAMED} : {}
}

/** Of the first file that can be read. What is wrong with the others is told when they are loaded. */
async function firstHeader(
  files: BatchFiles,
  paths: readonly string[],
  signal: AbortSignal | undefined,
): Promise<BatchHeader> {
  for (const path of paths) {
    try {
      const file = await files.open(path)
      try {
        const {headers} = await surveyBatch(file, signal)
        const [first] = headers.values()
        if (first) return first
      } finally {
        await file.close()
      }
    } catch (error) {
      if (!(error instanceof RagError) || error.code === 'INTERRUPTED') throw error
    }
  }
  return {}
}
