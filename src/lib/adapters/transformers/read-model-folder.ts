import {parseJson} from '../../model/input/parse-json.js'
import type {Dirent} from 'node:fs'
import {readdir, readFile, stat} from 'node:fs/promises'
import {join, relative} from 'node:path'
import {modelUnusable} from '../../model/errors/model/model-folder.js'
import {
  MODEL_DTYPES,
  networkFile,
  type ModelFolder,
  type ModelWeights,
  type PulledFrom,
} from '../../model/model-folder.js'
import {readPullRecord} from './pull-record.js'

type Json = Readonly<Record<string, unknown>>

/** Larger than any configuration, smaller than what would fill the memory. */
const MAX_JSON_BYTES = 8 * 1024 ** 2
/** For models that do not say how much they take. */
const DEFAULT_MAX_TOKENS = 512
/** These keep two positions for themselves. */
const ROBERTA = /roberta|mpnet|camembert/

/** @throws RagError MODEL_UNUSABLE when it is no whole folder of an encoder */
export async function readModelFolder(name: string, path: string): Promise<ModelFolder> {
  const config = await readJson(name, path, 'config.json', true)
  const sizes = await sizesBelow(path)
  if (!sizes.has('tokenizer.json')) throw modelUnusable(name, `${join(path, 'tokenizer.json')} is missing`)
  const weights = weightsIn(sizes)
  if (weights.length === 0)
    throw modelUnusable(name, `${join(path, networkFile('fp32'))} is missing, and any other precision of it`)
  const kind = String(config['model_type'] ?? '')
  const [architecture = kind] = asList(config['architectures']).map(String)
  if (
    /CausalLM|ConditionalGeneration|LMHead|Seq2Seq/.test(architecture) ||
    config['is_encoder_decoder'] === true
  )
    throw modelUnusable(name, `${architecture} writes text; it is no encoder of texts`)
  const pooling = poolingOf(await readJson(name, path, '1_Pooling/config.json', false))
  const record = await readPullRecord(path)
  return {
    name,
    path,
    architecture,
    dimension: dimensionOf(name, config),
    maxTokens: await maxTokensOf(name, path, {config, kind}),
    ...(pooling === undefined ? {} : {pooling}),
    weights,
    bytes: [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0),
    ...(record === undefined ? {} : {pulled: shown(record)}),
  }
}

const shown = ({repository, revision, at}: PulledFrom): PulledFrom => ({repository, revision, at})

/** Bytes of all files below a folder, by their path with `/`. */
export async function sizesBelow(path: string): Promise<Map<string, number>> {
  const entries: Dirent[] = await readdir(path, {recursive: true, withFileTypes: true})
  const sizes = new Map<string, number>()
  for (const entry of entries) {
    if (entry.isDirectory()) continue
    const full = join(entry.parentPath, entry.name)
    // Links are followed: hubs keep their files apart from the names.
    const found = await stat(full).catch(() => undefined)
    if (found?.isFile()) sizes.set(relative(path, full).replaceAll('\\', '/'), found.size)
  }
  return sizes
}

function weightsIn(sizes: ReadonlyMap<string, number>): ModelWeights[] {
  return MODEL_DTYPES.flatMap((dtype) => {
    const network = networkFile(dtype)
    if (!sizes.has(network)) return []
    const apart = [...sizes.keys()].filter((file) => file.startsWith(`${network}_data`)).sort()
    const files = [network, ...apart]
    return [{dtype, files, bytes: files.reduce((sum, file) => sum + sizes.get(file)!, 0)}]
  })
}

function poolingOf(config: Json): 'mean' | 'cls' | undefined {
  if (config['pooling_mode_cls_token'] === true) return 'cls'
  return config['pooling_mode_mean_tokens'] === true ? 'mean' : undefined
}

function dimensionOf(name: string, config: Json): number {
  const found = [config['hidden_size'], config['dim'], config['d_model']].find(isCount)
  if (found === undefined) throw modelUnusable(name, 'its config.json does not say how long its vectors are')
  return found
}

async function maxTokensOf(
  name: string,
  path: string,
  {config, kind}: {readonly config: Json; readonly kind: string},
): Promise<number> {
  const tokenizer = await readJson(name, path, 'tokenizer_config.json', false)
  const sentences = await readJson(name, path, 'sentence_bert_config.json', false)
  const positions = config['max_position_embeddings']
  const limits = [
    sentences['max_seq_length'],
    tokenizer['model_max_length'],
    isCount(positions) && ROBERTA.test(kind) ? positions - 2 : positions,
  ].filter(isCount)
  return limits.length === 0 ? DEFAULT_MAX_TOKENS : Math.min(...limits)
}

/** Tokenizers without a limit say 1e30. */
const isCount = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) > 0 && (value as number) < 2 ** 31

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])

async function readJson(name: string, path: string, file: string, isNeeded: boolean): Promise<Json> {
  const full = join(path, file)
  const found = await stat(full).catch(() => undefined)
  if (!found?.isFile()) {
    if (isNeeded) throw modelUnusable(name, `${full} is missing`)
    return {}
  }
  if (found.size > MAX_JSON_BYTES) throw modelUnusable(name, `${full} is larger than any configuration`)
  try {
    const value: unknown = parseJson(await readFile(full, 'utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json
  } catch (error) {
    throw modelUnusable(name, `${full} can't be read as JSON`, error)
  }
  throw modelUnusable(name, `${full} holds no JSON object`)
}
