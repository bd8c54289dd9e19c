import {mkdtemp, open, readdir, rename, rm, stat, writeFile} from 'node:fs/promises'
import {basename, dirname, join, resolve} from 'node:path'
import {
  modelFolderMissing,
  modelFolderReadOnly,
  modelNotHere,
  modelUnusable,
} from '../../model/errors/model/model-folder.js'
import {modelNotFetched} from '../../model/errors/model/hub.js'
import {RagError} from '../../model/errors/rag-error.js'
import {isModelName, isModelPath, type BrokenModel, type ModelFolder} from '../../model/model-folder.js'
import type {ModelHub, ModelLibrary, PullOptions} from '../../ports/model-library.js'
import type {Clock} from '../../ports/surroundings.js'
import {makeFolders, syncFolder} from '../system/durable-folders.js'
import {sha256Of} from './file-digest.js'
import {PULL_RECORD, readPullRecord, type PullRecord} from './pull-record.js'
import {readModelFolder, sizesBelow} from './read-model-folder.js'

/** Owners of models in the format that runs here, asked in this order for a bare name. */
const OWNERS = ['Xenova', 'onnx-community', 'sentence-transformers']
/** Where pulls are prepared; one that is a day old belongs to nobody any more. */
const STAGE = '.pull-'
const STALE_MS = 24 * 3600 * 1000

export interface ModelFoldersOptions {
  /** Undefined: only paths can be opened, and nothing can be pulled. */
  readonly dir: string | undefined
  /** Undefined: nothing is fetched. */
  readonly hub: ModelHub | undefined
  readonly clock: Clock
}

/** A `ModelLibrary` of folders `dir/owner/name` and `dir/name`. */
export class ModelFolders implements ModelLibrary {
  readonly dir: string | undefined
  readonly #hub: ModelHub | undefined
  readonly #clock: Clock

  constructor({dir, hub, clock}: ModelFoldersOptions) {
    this.dir = dir === undefined ? undefined : resolve(dir)
    this.#hub = hub
    this.#clock = clock
  }

  async list(): Promise<readonly (ModelFolder | BrokenModel)[]> {
    const models: (ModelFolder | BrokenModel)[] = []
    for (const owner of await foldersIn(this.dir)) {
      const path = join(this.dir!, owner)
      if (await looksLikeModel(path)) models.push(await findCorpus(owner, path))
      else
        for (const name of await foldersIn(path))
          if (await looksLikeModel(join(path, name)))
            models.push(await findCorpus(`${owner}/${name}`, join(path, name)))
    }
    return models
  }

  async find(name: string): Promise<ModelFolder | undefined> {
    const found = await this.#pathOf(name)
    return found && readModelFolder(found.name, found.path)
  }

  async #pathOf(name: string): Promise<{readonly name: string; readonly path: string} | undefined> {
    if (isModelPath(name)) {
      const path = resolve(name)
      if (await isFolder(path)) return {name, path}
      // A store that came from another machine finds the model among those of this one.
      const here = this.dir === undefined ? undefined : join(this.dir, basename(path))
      return here !== undefined && (await looksLikeModel(here)) ? {name, path: here} : undefined
    }
    if (this.dir === undefined || !isModelName(name)) return undefined
    const owned = name.includes('/') ? [] : await this.#ownersOf(name)
    for (const candidate of [name, ...owned.map((owner) => `${owner}/${name}`)]) {
      const path = join(this.dir, candidate)
      if (await looksLikeModel(path)) return {name: candidate, path}
    }
    return undefined
  }

  /** The usual ones first, then whoever has it. */
  async #ownersOf(name: string): Promise<readonly string[]> {
    const owners: string[] = []
    for (const owner of await foldersIn(this.dir))
      if (await isFolder(join(this.dir!, owner, name))) owners.push(owner)
    const rank = (owner: string): number => (OWNERS.indexOf(owner) + OWNERS.length + 1) % (OWNERS.length + 1)
    return owners.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
  }

  async pull(name: string, options: PullOptions): Promise<ModelFolder> {
    if (!isModelName(name)) throw isModelPath(name) ? modelFolderMissing(name) : modelNotHere(name, this.dir)
    if (this.dir === undefined)
      throw modelNotFetched(name, 'no folder to keep it in is named (RAG_MODEL_DIR)')
    if (!this.#hub) throw modelNotFetched(name, 'this machine is offline by RAG_OFFLINE or HF_HUB_OFFLINE')
    const repository = name.includes('/') ? name : `${OWNERS[0]}/${name}`
    const stage = await this.#stage(this.dir, repository)
    try {
      const {revision, files} = await this.#hub.fetch(repository, stage, options)
      const at = new Date(this.#clock.now()).toISOString()
      const path = join(this.dir, repository)
      const before = (await readPullRecord(path))?.files ?? []
      const kept = before.filter((old) => !files.some((file) => file.file === old.file))
      const record: PullRecord = {repository, revision, at, files: [...kept, ...files]}
      await writeSynced(join(stage, PULL_RECORD), `${JSON.stringify(record, null, 2)}\n`)
      await readModelFolder(repository, stage)
      await settle(stage, path)
      return await readModelFolder(repository, path)
    } finally {
      await rm(stage, {recursive: true, force: true})
    }
  }

  /** @throws RagError STORE_READ_ONLY when the folder of models can't be written */
  async #stage(dir: string, repository: string): Promise<string> {
    try {
      makeFolders(join(dir, dirname(repository)))
      await this.#removeAbandonedPulls(dir)
      return await mkdtemp(join(dir, STAGE))
    } catch (error) {
      throw modelFolderReadOnly(dir, error)
    }
  }

  async #removeAbandonedPulls(dir: string): Promise<void> {
    for (const entry of await readdir(dir)) {
      if (!entry.startsWith(STAGE)) continue
      const path = join(dir, entry)
      const found = await stat(path).catch(() => undefined)
      if (found && this.#clock.now() - found.mtimeMs > STALE_MS)
        await rm(path, {recursive: true, force: true})
    }
  }

  async damage(model: ModelFolder): Promise<readonly string[] | undefined> {
    const record = await readPullRecord(model.path)
    if (!record) return undefined
    const sizes = await sizesBelow(model.path)
    const wrong: string[] = []
    for (const {file, bytes, sha256} of record.files) {
      const size = sizes.get(file)
      if (size === undefined) wrong.push(`${file} is missing`)
      else if (size !== bytes) wrong.push(`${file} has ${size} bytes, not ${bytes}`)
      else if ((await sha256Of(join(model.path, file))) !== sha256) wrong.push(`${file} is not as it came`)
    }
    return wrong
  }
}

/** As one step where there is no model yet; else file by file, the record last, each before it durable. */
async function settle(stage: string, path: string): Promise<void> {
  const names = [...(await sizesBelow(stage)).keys()].filter((file) => file !== PULL_RECORD)
  const syncFolders = (of: string): void => {
    for (const folder of new Set(['.', ...names.map((name) => dirname(name))])) syncFolder(join(of, folder))
  }
  if (!(await isFolder(path))) {
    syncFolders(stage)
    await rename(stage, path)
    syncFolder(dirname(path))
    return
  }
  for (const name of names) {
    makeFolders(dirname(join(path, name)))
    await rename(join(stage, name), join(path, name))
  }
  syncFolders(path)
  await rename(join(stage, PULL_RECORD), join(path, PULL_RECORD))
  syncFolder(path)
}

async function writeSynced(path: string, text: string): Promise<void> {
  await writeFile(path, text)
  const file = await open(path, 'r+')
  await file.sync()
  await file.close()
}

async function findCorpus(name: string, path: string): Promise<ModelFolder | BrokenModel> {
  try {
    return await readModelFolder(name, path)
  } catch (error) {
    const {message} = modelUnusable(name, 'it is damaged')
    const bytes = [...(await sizesBelow(path)).values()].reduce((sum, size) => sum + size, 0)
    return {name, path, bytes, problem: error instanceof RagError ? error.message : message}
  }
}

/** Any one of a model's files makes it a model, whole or not; else a damaged one would be passed over in silence. */
async function looksLikeModel(path: string): Promise<boolean> {
  const entries: readonly string[] = await readdir(path).catch(() => [])
  return ['config.json', 'tokenizer.json', 'onnx'].some((name) => entries.includes(name))
}

async function foldersIn(dir: string | undefined): Promise<readonly string[]> {
  if (dir === undefined) return []
  const entries = await readdir(dir).catch(() => [])
  const folders: string[] = []
  for (const entry of entries.sort())
    if (!entry.startsWith('.') && (await isFolder(join(dir, entry)))) folders.push(entry)
  return folders
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true
}
