import {createHash} from 'node:crypto'
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {fuzz} from '../test/fuzz/fuzz.js'
import {TARGETS} from '../test/fuzz/targets.js'

/** `npm run fuzz -- --minutes N --target NAME --seed N`: looks for inputs that are neither read nor refused, and keeps them. */
const {values} = parseArgs({
  options: {minutes: {type: 'string'}, target: {type: 'string', multiple: true}, seed: {type: 'string'}},
})
const names = values.target ?? TARGETS.map(({name}) => name)
const forMs = (Number(values.minutes ?? 5) * 60_000) / names.length
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))

for (const name of names) {
  const target = TARGETS.find((one) => one.name === name)
  if (!target) throw new Error(`no target ${name}: ${TARGETS.map((one) => one.name).join(', ')}`)
  const folder = join('test', 'fuzz', 'found', name)
  const {runs, blocks, kept, findings} = await fuzz(target, {
    seed,
    forMs,
    onFinding: ({input, why}) => {
      mkdirSync(folder, {recursive: true})
      const file = join(folder, createHash('sha256').update(input).digest('hex').slice(0, 16))
      writeFileSync(file, input)
      console.log(`${file}: ${why}`)
    },
  })
  console.log(`${name}: seed ${seed}, ${runs} runs, ${blocks} blocks, ${kept} kept, ${findings.length} found`)
  if (findings.length > 0) process.exitCode = 1
}
