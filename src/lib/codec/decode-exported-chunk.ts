import type {ExportedChunk, ExportedDocument} from '../model/batch-record.js'
import type {Metadata, MetadataValue} from '../model/metadata.js'
import {badRecord} from './decode-value.js'

/** Checks the `rag` member of an exported record. @throws RagError BAD_INPUT */
export function decodeExportedChunk(raw: Metadata): ExportedChunk {
  const {doc_id: docId, n: ordinal, of, heading, lines, tokens, overlap, metadata, vector, document} = raw
  if (
    typeof docId !== 'string' ||
    !isCount(ordinal) ||
    !isCount(of) ||
    !isTexts(heading) ||
    !isPair(lines) ||
    !isCount(tokens) ||
    !isCount(overlap) ||
    !isKind(vector)
  )
    throw badRecord('its "rag" member is not what an export writes')
  return {
    docId,
    ordinal,
    of,
    heading,
    lines,
    tokens,
    overlap,
    vector,
    ...(isMap(metadata) ? {metadata} : {}),
    ...(isMap(document) ? {document: decodeDocument(document)} : {}),
  }
}

function decodeDocument({doc_hash: docHash, title, language, metadata, source}: Metadata): ExportedDocument {
  if (
    typeof docHash !== 'string' ||
    typeof title !== 'string' ||
    typeof language !== 'string' ||
    !isMap(metadata) ||
    !isMap(source) ||
    typeof source['source'] !== 'string'
  )
    throw badRecord('its "rag.document" member is not what an export writes')
  return {docHash, title, language, metadata, source: source as unknown as ExportedDocument['source']}
}

const isCount = (raw: MetadataValue | undefined): raw is number =>
  Number.isSafeInteger(raw) && Number(raw) >= 0
const isTexts = (raw: MetadataValue | undefined): raw is readonly string[] =>
  Array.isArray(raw) && raw.every((one) => typeof one === 'string')
const isPair = (raw: MetadataValue | undefined): raw is readonly [number, number] =>
  Array.isArray(raw) && raw.length === 2 && raw.every((one: MetadataValue) => isCount(one))
const isMap = (raw: MetadataValue | undefined): raw is Metadata =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw)
const isKind = (raw: MetadataValue | undefined): raw is ExportedChunk['vector'] =>
  raw === 'dense' || raw === 'dummy' || raw === 'empty' || raw === 'none'
