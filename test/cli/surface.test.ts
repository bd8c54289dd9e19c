import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {Config} from '@oclif/core/config'
import {Help} from '@oclif/core/help'
import {expect} from 'chai'

/**
 * The surface of the command line, as data: nothing is renamed or removed by accident.
 * After a change that is meant: `UPDATE_GOLDEN=1 npx mocha test/cli/surface.test.ts`.
 */
describe('the surface of the command line', () => {
  const update = process.env['UPDATE_GOLDEN'] === '1'
  const folder = path.resolve('test/golden/help')
  const ids = readdirSync('src/commands', {recursive: true, encoding: 'utf8'})
    .filter((name) => name.endsWith('.ts'))
    .map((name) =>
      name
        .replace(/\.ts$/, '')
        .replaceAll(path.sep, ':')
        .replace(/:index$/, ''),
    )
    .sort()
  let config: Config

  before(async () => {
    config = await Config.load({root: path.resolve('.')})
  })

  function golden(file: string, actual: string): void {
    if (update) {
      mkdirSync(path.dirname(file), {recursive: true})
      writeFileSync(file, actual)
    }
    expect(existsSync(file), `${file} is missing: run with UPDATE_GOLDEN=1`).to.equal(true)
    expect(actual).to.equal(readFileSync(file, 'utf8'))
  }

  it('has every command that has a source file', () => {
    expect([...config.commandIDs].sort()).to.deep.equal(ids)
  })

  for (const id of ids) {
    it(`rag ${id.replaceAll(':', ' ')} --help is as recorded, with examples`, async () => {
      const lines: string[] = []
      const help = new Help(config, {maxWidth: 80, stripAnsi: true})
      Object.assign(help, {log: (...args: string[]) => lines.push(args.join(' '))})
      const command = config.findCommand(id, {must: true})
      await help.showCommandHelp(command)
      expect(command.examples?.length ?? 0).to.be.within(2, 4)
      golden(path.join(folder, `${id.replaceAll(':', '-')}.txt`), `${lines.join('\n')}\n`)
    })
  }

  it('has no help of a command that is gone', () => {
    expect(readdirSync(folder).sort()).to.deep.equal(ids.map((id) => `${id.replaceAll(':', '-')}.txt`).sort())
  })

  it('has the commands, flags, short flags, variables and aliases that are recorded', () => {
    const surface = config.commands
      .map(({id, aliases, args, flags}) => ({
        command: id.replaceAll(':', ' '),
        aliases,
        args: Object.keys(args),
        flags: Object.values(flags)
          .map(({name, char, type, description}) => ({
            name,
            ...(char === undefined ? {} : {char}),
            type,
            env: /\[env: ([^\]]*)\]/.exec(description ?? '')?.[1]?.split(/ or |, /) ?? [],
          }))
          .sort((a, b) => (a.name < b.name ? -1 : 1)),
      }))
      .sort((a, b) => (a.command < b.command ? -1 : 1))
    golden(path.resolve('test/golden/commands.json'), `${JSON.stringify(surface, null, 2)}\n`)
  })
})
