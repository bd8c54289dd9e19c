import type {BatchWriter} from '../documents/batch-writer.js'
import {DEFAULT_MAX_FILE_BYTES} from './ingest-files.js'
import type {IngestTarget, IngestTools} from '../documents/ingest-tools.js'
import {prepareText} from '../documents/prepare-text.js'
import {inputFaults} from './input-faults.js'
import type {IngestRequest, InputFault} from '../model/operations/ingest.js'

/** Brings in one document from standard input. @returns what of it was left out */
export async function ingestStdin(
  tools: IngestTools,
  {target, request, writer}: {target: IngestTarget; request: IngestRequest; writer: BatchWriter},
): Promise<readonly InputFault[]> {
  const bytes = await tools.tree.readStdin(request.maxFileBytes ?? DEFAULT_MAX_FILE_BYTES)
  const docId = (request.idPrefix ?? '') + request.stdin!.docId
  const text = await prepareText(tools, {docId, bytes, source: 'stdin', metadata: {}, target})
  await writer.put(text.document)
  await writer.flush()
  return inputFaults('stdin', text.faults)
}
