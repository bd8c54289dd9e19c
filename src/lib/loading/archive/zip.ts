import {StringDecoder} from 'node:string_decoder'
import yauzl, {type Entry, type ZipFile} from 'yauzl'
import {isEncrypted, notValid, unpacksTooLarge} from '../../model/errors/files/source.js'
import {reasonOf} from '../../model/errors/rag-error.js'

const MB = 1024 ** 2
/** More than any document has. */
const MAX_PARTS = 100_000
/** What all parts unpack to together. */
const MAX_TOTAL = 4096 * MB
/** Beyond this size, a part that unpacks to more than so many times its bytes was made to fill memory. */
const LARGE_PART = 64 * MB
const MAX_RATIO = 200
/** A part that is read whole. */
const MAX_WHOLE = 256 * MB
const OLE = '\xd0\xcf\x11\xe0'

/** The parts of a document that is a zip archive. Sizes are held to what the archive declares. */
export class ZipDocument {
  readonly #name: string
  readonly #kind: string
  readonly #file: ZipFile
  readonly #parts: ReadonlyMap<string, Entry>

  private constructor(name: string, kind: string, file: ZipFile, parts: ReadonlyMap<string, Entry>) {
    this.#name = name
    this.#kind = kind
    this.#file = file
    this.#parts = parts
  }

  /** `kind` names the format in errors. @throws RagError BAD_INPUT | NOT_TEXT (encrypted) | TOO_LARGE */
  static async open(name: string, kind: string, bytes: Uint8Array): Promise<ZipDocument> {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    // With a password, office programs put the whole package into an OLE file.
    if (buffer.toString('latin1', 0, 4) === OLE) {
      if (buffer.includes(Buffer.from('EncryptedPackage', 'utf16le'))) throw isEncrypted(name, kind)
      throw notValid(name, kind, 'it is in the format of Office 97; save it anew by its program')
    }
    try {
      const file = await opened(buffer)
      const parts = await entriesOf(name, file)
      return new ZipDocument(name, kind, file, parts)
    } catch (error) {
      if (error instanceof Error && error.name === 'RagError') throw error
      throw notValid(name, kind, reasonOf(error).replace(/\.$/, ''), error)
    }
  }

  /** Names of the parts. */
  get names(): readonly string[] {
    return [...this.#parts.keys()]
  }

  has(part: string): boolean {
    return this.#parts.has(part)
  }

  /** The text of a part in pieces. @throws RagError BAD_INPUT (missing, damaged) | NOT_TEXT (encrypted) | TOO_LARGE */
  async *text(part: string): AsyncGenerator<string> {
    let decoder: {write(bytes: Buffer): string; end(): string} | undefined
    for await (const bytes of this.#chunks(part)) {
      decoder ??= decoderFor(bytes)
      yield decoder.write(bytes)
    }
    if (decoder) yield decoder.end()
  }

  /** A part as a whole. @throws as `text` */
  async bytes(part: string): Promise<Buffer> {
    const size = this.#parts.get(part)?.uncompressedSize ?? 0
    if (size > MAX_WHOLE) throw unpacksTooLarge(this.#name, `${part} unpacks to ${Math.round(size / MB)} MB`)
    const chunks: Buffer[] = []
    for await (const bytes of this.#chunks(part)) chunks.push(bytes)
    return Buffer.concat(chunks)
  }

  /** Unpacks a part without keeping it. @throws as `text` */
  async check(part: string): Promise<void> {
    const chunks = this.#chunks(part)
    while (!(await chunks.next()).done);
  }

  async #stream(entry: Entry): Promise<AsyncIterable<Buffer>> {
    return new Promise((resolve, reject) => {
      this.#file.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)))
    })
  }

  async *#chunks(part: string): AsyncGenerator<Buffer> {
    const entry = this.#parts.get(part)
    if (!entry) throw notValid(this.#name, this.#kind, `it has no ${part}`)
    if ((entry.generalPurposeBitFlag & 1) === 1) throw isEncrypted(this.#name, this.#kind)
    try {
      yield* await this.#stream(entry)
    } catch (error) {
      throw notValid(this.#name, this.#kind, `${part}: ${reasonOf(error).replace(/\.$/, '')}`, error)
    }
  }
}

function opened(buffer: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.fromBuffer(
      buffer,
      {lazyEntries: true, validateEntrySizes: true, autoClose: false},
      (error, file) => (error ? reject(error) : resolve(file)),
    )
  })
}

/** All entries by name. @throws RagError TOO_LARGE before anything is unpacked */
function entriesOf(name: string, file: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  return new Promise((resolve, reject) => {
    const parts = new Map<string, Entry>()
    let total = 0
    file.on('error', reject)
    file.on('end', () => resolve(parts))
    file.on('entry', (entry: Entry) => {
      total += entry.uncompressedSize
      const why = whyTooLarge(entry, parts.size, total)
      if (why !== undefined) return reject(unpacksTooLarge(name, why))
      parts.set(entry.fileName, entry)
      file.readEntry()
    })
    file.readEntry()
  })
}

function whyTooLarge(
  {fileName, uncompressedSize, compressedSize}: Entry,
  parts: number,
  total: number,
): string | undefined {
  if (parts >= MAX_PARTS) return `it has over ${MAX_PARTS} parts`
  if (total > MAX_TOTAL) return `its parts unpack to over ${MAX_TOTAL / MB} MB`
  if (uncompressedSize > LARGE_PART && uncompressedSize > MAX_RATIO * compressedSize)
    return `${fileName} unpacks to ${Math.round(uncompressedSize / MB)} MB, over ${MAX_RATIO} times what it holds`
  return undefined
}

/** UTF-8, unless a byte order mark says UTF-16. */
function decoderFor(bytes: Buffer): {write(bytes: Buffer): string; end(): string} {
  const mark = bytes.toString('latin1', 0, 2)
  if (mark !== '\xff\xfe' && mark !== '\xfe\xff') return new StringDecoder('utf8')
  const decoder = new TextDecoder(mark === '\xff\xfe' ? 'utf-16le' : 'utf-16be')
  return {write: (part) => decoder.decode(part, {stream: true}), end: () => decoder.decode()}
}
