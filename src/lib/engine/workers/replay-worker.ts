import {createAnalyser} from '../../text/analysis/create-analyser.js'
import {createChunker} from '../../text/chunking/create-chunker.js'
import {batchOfDescriptor} from '../../adapters/files/batches/batch-bytes.js'
import {systemDigest} from '../../adapters/system/digest.js'
import {serveThread} from '../../kernel/threads/serve-thread.js'
import type {StreamPart} from '../../kernel/threads/service.js'
import {packItems} from '../../replay/reading/pack-items.js'
import {readRecords} from '../../replay/reading/read-records.js'
import {prepareReadyDocument} from '../../documents/prepare-ready-document.js'
import {otherAnalyserInThread} from '../../model/errors/program/thread.js'
import type {ReadingPart, ReadingRequest, ReadingService} from '../../replay/reading/reading-request.js'

const analyser = createAnalyser()

// The entry of the thread that `replayReader` starts under the name `replay-worker`.
serveThread({read} satisfies ReadingService)

async function* read(request: ReadingRequest, signal: AbortSignal): AsyncGenerator<StreamPart<ReadingPart>> {
  if (analyser.fingerprint !== request.analyser)
    throw otherAnalyserInThread(analyser.fingerprint, request.analyser)
  const tools = {analyser, digest: systemDigest, chunker: createChunker(request.chunker)}
  const wanted = new Int32Array(request.wanted)
  const ahead = {
    prepare: (input: Parameters<typeof prepareReadyDocument>[1]) => prepareReadyDocument(tools, input),
    isWanted: () => Atomics.load(wanted, 0) === 1,
  }
  const reading = {digest: systemDigest, ahead, reuseBytes: true}
  const file = batchOfDescriptor(request.file)
  for await (const event of readRecords(reading, file, request.rules, signal)) {
    if (event.kind === 'headers') yield part(event)
    else {
      const {packed, bytes, transfer} = packItems(event.items)
      yield part({kind: 'items', packed}, bytes, transfer)
    }
  }
}

function part(sent: ReadingPart, bytes = 0, transfer: readonly ArrayBuffer[] = []): StreamPart<ReadingPart> {
  return {part: sent, bytes, transfer}
}
