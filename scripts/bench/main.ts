/**
 * Measures speed, memory and size, each beside its bar and what it is compared with. Makes its own data (seeded). Says which bars
 * were missed, and ends with 0 all the same: a figure is no test.
 *
 * Usage: npm run bench -- [--only startup,verify] [--quick] [--json]
 */
import {parseArgs} from 'node:util'
import {Bench, timed} from './bench.js'
import {reported, type ReportedFigure} from './figure.js'
import {missedText, tableOf} from './table.js'
import {WORKS} from './works.js'

const {values} = parseArgs({
  options: {
    only: {type: 'string', multiple: true, default: []},
    quick: {type: 'boolean', default: false},
    json: {type: 'boolean', default: false},
    list: {type: 'boolean', default: false},
  },
})

function chosen(): typeof WORKS {
  const wanted = values.only.flatMap((names) => names.split(',')).filter((name) => name !== '')
  const unknown = wanted.filter((name) => !WORKS.some((work) => work.name === name))
  if (unknown.length > 0) {
    const known = WORKS.map(({name}) => name).join(', ')
    console.error(`There is no work named ${unknown.join(', ')}. Those that can be measured: ${known}.`)
    process.exit(2)
  }
  return wanted.length === 0 ? WORKS : WORKS.filter(({name}) => wanted.includes(name))
}

if (values.list) {
  const width = Math.max(...WORKS.map(({name}) => name.length))
  for (const {name, about} of WORKS) console.log(`${name.padEnd(width)}  ${about}`)
  process.exit(0)
}

const works = chosen()
const bench = new Bench(values.quick)
const figures: ReportedFigure[] = []
const failed: {work: string; message: string}[] = []
const {seconds} = await timed(async () => {
  try {
    for (const {name, about, run} of works) {
      console.error(`${name}: ${about} …`)
      try {
        const {value, seconds: took} = await timed(() => run(bench))
        figures.push(...value.map((figure) => reported(name, figure)))
        console.error(`${name}: done in ${took.toFixed(1)} s`)
      } catch (error) {
        failed.push({work: name, message: error instanceof Error ? error.message : String(error)})
      }
    }
  } finally {
    bench.close()
  }
})
const missed = figures.filter(({met}) => met === false)
const report = {
  node: process.version,
  cores: bench.threads,
  quick: bench.quick,
  seconds,
  figures,
  missed: missed.map(missedText),
  failed,
}
if (values.json) console.log(JSON.stringify(report, null, 2))
else if (figures.length > 0) console.log(tableOf(figures))
for (const {work, message} of failed) console.error(`${work} could not be measured: ${message}`)
if (missed.length > 0) {
  const small = bench.quick ? ' The sizes were small (--quick); the bars are for the full ones.' : ''
  console.error(`${missed.length} of the bars were missed.${small}`)
  for (const figure of missed) console.error(`  ${missedText(figure)}`)
} else if (failed.length === 0) console.error('All bars were met.')
