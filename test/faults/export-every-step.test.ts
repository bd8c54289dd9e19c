import {expect} from 'chai'
import {ExportWorld} from '../support/export-world.js'
import {FaultyFiles, type Fault} from '../support/faulty-files.js'

const FAULTS: readonly Fault[] = [
  'ENOSPC',
  'EIO',
  'EACCES',
  'short-write',
  'silent-short-write',
  'lost-rename',
]

/** Every step is tried in the slow suite; otherwise every sixth, another sixth with each kind of fault. */
const STRIDE = process.env['RAG_KILL_ROUNDS'] === undefined ? 6 : 1

interface Case {
  readonly title: string
  /** What is there before. */
  readonly before: (world: ExportWorld) => Promise<void>
  readonly act: (world: ExportWorld) => Promise<void>
  readonly leastSteps: number
}

const CASES: readonly Case[] = [
  {
    title: 'the first export',
    before: () => Promise.resolve(),
    act: (world) => world.export(5),
    leastSteps: 60,
  },
  {
    title: 'an export in the place of another',
    before: (world) => world.export(3),
    act: (world) => world.export(5),
    leastSteps: 60,
  },
  {
    title: 'an export of the same state, cut otherwise',
    before: (world) => world.export(5),
    act: (world) => world.export(5, {maxRecords: 4}),
    leastSteps: 60,
  },
  {
    title: 'the first run that leaves',
    before: () => Promise.resolve(),
    act: (world) => world.gather(5),
    leastSteps: 50,
  },
  {
    title: 'a run that leaves beside others',
    before: async (world) => {
      await world.gather(2)
      await world.gather(3)
    },
    act: (world) => world.gather(6),
    leastSteps: 35,
  },
]

describe('what leaves, with a fault at every step', function () {
  this.timeout(300_000)

  async function survives({before, act}: Case, fault: Fault, once: boolean): Promise<number> {
    const template = new ExportWorld()
    await before(template)
    const whole = new ExportWorld({like: template})
    await act(whole)
    const states = [await template.taken(), await whole.taken()]
    try {
      for (let step = 1 + (FAULTS.indexOf(fault) % STRIDE); ; step += STRIDE) {
        const faulty = new FaultyFiles({step, fault, once})
        const world = new ExportWorld({like: template, operations: faulty.operations})
        const outcome = await act(world).then(
          () => 'done',
          (error: unknown) => String(error),
        )
        const context = `${fault} at step ${step} (${String(faulty.calls[step - 1])}), once: ${once}: ${outcome}`
        try {
          expect(outcome, context).not.to.match(/TypeError|INTERNAL/)
          // Whoever reads meanwhile finds the old state or the new one, and never both.
          expect(states, context).to.deep.include(await world.taken())
          if (outcome === 'done') expect(await world.taken(), context).to.deep.equal(states[1])
          if (!faulty.hasFaulted) return step - 1
          faulty.heal()
          await act(world)
          expect(world.content(), context).to.deep.equal(whole.content())
          expect(world.hidden(), context).to.deep.equal([])
        } finally {
          world.remove()
        }
      }
    } finally {
      template.remove()
      whole.remove()
    }
  }

  for (const one of CASES)
    it(`${one.title}: the state before or the new one, and the same again when the disk works`, async () => {
      const steps: number[] = []

      for (const fault of FAULTS)
        for (const once of [true, false]) steps.push(await survives(one, fault, once))
      console.log(`      steps tried: ${steps.join(', ')}`)
      expect(Math.min(...steps)).to.be.at.least(one.leastSteps)
    })
})
