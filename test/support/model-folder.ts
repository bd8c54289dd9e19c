import {execFileSync} from 'node:child_process'
import {cpSync, existsSync, mkdirSync, mkdtempSync, renameSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const MAKER = path.join(ROOT, '../shared/tools/make-bert-onnx.mjs')
/** Layers, hidden size, heads, feed-forward size, vocabulary: those of all-MiniLM-L6-v2. */
const SHAPES = {tiny: [], minilm: ['6', '384', '12', '1536', '30522']} as const

/** Whether models can be made here at all. */
export const canMakeModels = existsSync(MAKER)

/** A folder of an encoder with seeded random weights, made once a machine: 32 dimensions, or with the cost of MiniLM. */
export function modelFolder(shape: keyof typeof SHAPES = 'tiny'): string {
  const made = path.join(ROOT, 'node_modules/.cache/rag-test-models', shape)
  if (existsSync(made)) return made
  const fresh = mkdtempSync(path.join(tmpdir(), 'rag-model-'))
  execFileSync(process.execPath, [MAKER, path.join(fresh, shape), ...SHAPES[shape]], {cwd: ROOT})
  mkdirSync(path.dirname(made), {recursive: true})
  try {
    renameSync(path.join(fresh, shape), made)
  } catch {
    // Another disk, or another test was first.
    if (!existsSync(made)) cpSync(path.join(fresh, shape), made, {recursive: true})
  }
  return made
}
