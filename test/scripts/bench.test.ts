import {spawnSync} from 'node:child_process'
import {expect} from 'chai'
import {reported, type ReportedFigure} from '../../scripts/bench/figure.js'
import {missedText, tableOf} from '../../scripts/bench/table.js'
import {WORKS} from '../../scripts/bench/works.js'

interface BenchJson {
  readonly quick: boolean
  readonly cores: number
  readonly seconds: number
  readonly figures: readonly ReportedFigure[]
  readonly missed: readonly string[]
  readonly failed: readonly {readonly work: string}[]
}

const bench = (...argv: string[]): ReturnType<typeof spawnSync> & {stdout: string; stderr: string} =>
  spawnSync(process.execPath, ['--import', 'tsx', 'scripts/bench/main.ts', ...argv], {encoding: 'utf8'})

describe('npm run bench', function () {
  this.timeout(60_000)

  it('measures what it is asked for, in JSON with bars and floors, and ends with 0', () => {
    const {status, stdout, stderr} = bench('--quick', '--only', 'startup', '--json')
    expect(status, stderr).to.equal(0)
    const report = JSON.parse(stdout) as BenchJson
    expect(report).to.include({quick: true})
    expect(report.failed).to.deep.equal([])
    expect(report.cores).to.be.at.least(1)
    const [ratio, ms] = report.figures
    expect(ratio).to.deep.include({
      work: 'startup',
      what: 'rag --version',
      unit: '× node',
      bar: {kind: 'at_most', value: 2.5},
    })
    expect(ratio!.value).to.be.greaterThan(0)
    expect(ratio!.met).to.equal(ratio!.value <= 2.5)
    expect(report.missed.length).to.equal(ratio!.met ? 0 : 1)
    expect(ms).to.not.have.any.keys('bar', 'met')
    expect(ms!.floor).to.include({what: 'node -e 0', unit: 'ms'})
  })

  it('refuses a name that it does not know, and says which it knows', () => {
    const {status, stderr} = bench('--only', 'startup,teleport')
    expect(status).to.equal(2)
    expect(stderr).to.contain('teleport')
    for (const {name} of WORKS) expect(stderr).to.contain(name)
  })

  it('lists its works, each under a name of its own', () => {
    const lines = bench('--list').stdout.trim().split('\n')
    expect(lines.map((line) => line.split(' ')[0])).to.deep.equal(WORKS.map(({name}) => name))
    expect(new Set(WORKS.map(({name}) => name)).size).to.equal(WORKS.length)
  })
})

describe('the table of a benchmark', () => {
  const slow = reported('walk', {
    what: 'a mile',
    value: 21.04,
    unit: 'min',
    bar: {kind: 'at_most', value: 20},
    floor: {what: 'a horse', value: 5, unit: 'min'},
  })
  const far = reported('walk', {what: 'miles', value: 3, unit: '', bar: {kind: 'at_least', value: 3}})
  const free = reported('walk', {what: 'steps', value: 2100, unit: ''})

  it('tells missed bars from those that are just met, and figures without one', () => {
    expect([slow.met, far.met, free.met]).to.deep.equal([false, true, undefined])
    const lines = tableOf([slow, far, free]).split('\n')
    expect(lines.length).to.equal(4)
    expect(lines[1]).to.match(/walk +a mile +21\.0 min +≤ 20 min +MISSED +a horse: 5\.00 min$/)
    expect(lines[2]).to.match(/miles +3\.00 +≥ 3 +met$/)
    expect(lines[3]).to.match(/steps +2,100$/)
  })

  it('says in a sentence what was missed', () => {
    expect(missedText(slow)).to.equal('walk: a mile was 21.0 min; the bar is ≤ 20 min.')
  })
})
