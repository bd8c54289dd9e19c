import {expect} from 'chai'
import fc from 'fast-check'
import {readLines} from '../../../../src/lib/adapters/files/sources/read-lines.js'

async function* chunked(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0
  for (let index = 0; at < bytes.length; index++) {
    const size = sizes[index % sizes.length] ?? 1
    yield bytes.subarray(at, at + size)
    at += size
  }
}

/** The plain way: the whole text split at once. */
function expected(text: string, max: number): [number, number, string, boolean][] {
  const raw = text.split('\n')
  const last = raw.pop() ?? ''
  let offset = 0
  const lines = raw.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  if (last !== '') lines.push(last)
  const widths = last === '' ? raw : [...raw, last]
  return lines.map((line, index) => {
    const here = offset
    offset += (widths[index] ?? '').length + 1
    return [index + 1, here, line.length > max ? '' : line, line.length > max]
  })
}

describe('readLines', () => {
  it('cuts as splitting the whole would, however the bytes come', async () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', '\n', '\r', '\r\n', 'long'), {maxLength: 60})
      .map((parts) => parts.join(''))
    const sizes = fc.array(fc.integer({min: 1, max: 9}), {minLength: 1, maxLength: 5})
    await fc.assert(
      fc.asyncProperty(text, sizes, fc.integer({min: 0, max: 12}), async (source, chunks, max) => {
        const got: [number, number, string, boolean][] = []
        for await (const line of readLines(chunked(Buffer.from(source), chunks), max)) {
          got.push([line.number, line.offset, Buffer.from(line.bytes).toString(), line.tooLong])
        }
        expect(got).to.deep.equal(expected(source, max))
      }),
      {numRuns: 300},
    )
  })

  it('passes over a line of 200 MB without keeping it', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 0x61)
    async function* long(): AsyncGenerator<Uint8Array> {
      for (let count = 0; count < 200; count++) yield chunk
      yield Buffer.from('\nend')
    }
    const before = process.memoryUsage().arrayBuffers
    const got: [boolean, number][] = []
    for await (const line of readLines(long(), 4096)) got.push([line.tooLong, line.offset])
    expect(got).to.deep.equal([
      [true, 0],
      [false, 200 * 1024 * 1024 + 1],
    ])
    expect(process.memoryUsage().arrayBuffers - before).to.be.lessThan(16 * 1024 * 1024)
  })
})
