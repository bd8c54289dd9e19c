import {expect} from 'chai'
import {guardTerminal, openGate} from '../../src/cli/output/gate.js'
import {bold, dim} from '../../src/cli/output/screen.js'
import type {Output} from '../../src/cli/surroundings.js'

const EVIL = '\u001b]0;x\u0007\u009b31m\u202e'
const SHOWN = String.raw`\u001b]0;x\u0007\u009b31m\u202e`
const screen = {width: 80, colour: true, tty: true}

function stream(isTTY: boolean): {output: Output; written: () => string} {
  let text = ''
  const write = (chunk: unknown): boolean => {
    text += String(chunk)
    return true
  }
  return {output: {write, isTTY} as Output, written: () => text}
}

describe('the gate to the terminal', () => {
  it('lets our styles through and nothing else, not even the same from elsewhere', () => {
    const {output: stdout, written} = stream(true)
    const gate = openGate({stdout, stderr: stdout})
    gate.text.write(`${bold(`a${EVIL}`, screen)} ${dim('b', screen)} \u001b[1mc`)
    expect(written()).to.equal(`\u001b[1ma${SHOWN}\u001b[22m \u001b[2mb\u001b[22m ${String.raw`\u001b[1mc`}`)
  })

  it('holds for every way of writing to a terminal', async () => {
    for (const way of ['text', 'data', 'messages'] as const) {
      const {output, written} = stream(true)
      openGate({stdout: output, stderr: output})[way].write(EVIL)
      expect(written(), way).to.equal(SHOWN)
    }
    const {output, written} = stream(true)
    const bytes = Buffer.from(EVIL)
    const gate = openGate({stdout: output, stderr: output})
    for (const byte of bytes) await gate.writeBytes(Buffer.of(byte))
    expect(written()).to.equal(SHOWN)
  })

  it('leaves data on a pipe as it is, and makes text for people and messages visible there too', async () => {
    const {output: stdout, written} = stream(false)
    const errors = stream(false)
    const gate = openGate({stdout, stderr: errors.output})
    gate.data.write(EVIL)
    await gate.writeBytes(Buffer.from(EVIL))
    expect(written()).to.equal(EVIL + EVIL)
    gate.text.write(EVIL)
    gate.messages.write(EVIL)
    expect(written()).to.equal(EVIL + EVIL + SHOWN)
    expect(errors.written()).to.equal(SHOWN)
  })

  it('guards a terminal for what is written past it: colours pass', () => {
    const {output, written} = stream(true)
    guardTerminal(output)
    output.write(`\u001b[1mhelp\u001b[22m ${EVIL}`)
    expect(written()).to.equal(`\u001b[1mhelp\u001b[22m ${SHOWN}`)
    openGate({stdout: output, stderr: output}).drawing.write('\u001b[?25l')
    openGate({stdout: output, stderr: output}).text.write(bold('b', screen))
    expect(written().endsWith('\u001b[?25l\u001b[1mb\u001b[22m')).to.equal(true)
  })
})
