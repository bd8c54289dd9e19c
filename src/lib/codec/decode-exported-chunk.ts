import {badRecord} from '../model/errors/files/batch.js'
import type {BatchOrigin, ExportedChunk, ExportedDocument} from '../model/batch-record.js'
import type {Place} from '../model/block.js'
import type {Metadata, MetadataValue} from '../model/metadata.js'
import {isPlace} from '../model/place.js'

/** The `rag` member of a batch. Undefined when it is not what an export writes: the batch is someone else's then. */
export function decodeOrigin(raw: Metadata): BatchOrigin | undefined {
  const {corpus, settings, provider, model, dimension, fingerprint, spec} = raw
  const isOrigin =
    isText(corpus) &&
    isMap(settings) &&
    isSettings(settings) &&
    [provider, model, fingerprint].every((one) => isAbsent(one) || isText(one)) &&
    (isAbsent(dimension) || isCount(dimension)) &&
    (isAbsent(spec) || (isMap(spec) && isText(spec['model']) && isSettings(spec)))
  return isOrigin ? (raw as unknown as BatchOrigin) : undefined
}

const SETTINGS = {
  string: ['language', 'dtype', 'pooling', 'queryPrefix', 'passagePrefix'],
  number: ['chunkSize', 'chunkOverlap', 'dimension', 'vectorWeight'],
  boolean: ['normalize'],
}

/** Of a corpus, or of how its model is used. Those that are not known here may be anything. */
const isSettings = (settings: Metadata): boolean =>
  (settings['model'] === undefined || isText(settings['model'])) &&
  Object.entries(SETTINGS).every(([type, keys]) =>
    keys.every((key) => isAbsent(settings[key]) || typeof settings[key] === type),
  )

/** Checks the `rag` member of an exported record. @throws RagError BAD_INPUT */
export function decodeExportedChunk(raw: Metadata): ExportedChunk {
  const {
    doc_id: docId,
    n: ordinal,
    of,
    heading,
    lines,
    place,
    tokens,
    overlap,
    metadata,
    vector,
    document,
  } = raw
  if (
    typeof docId !== 'string' ||
    !isCount(ordinal) ||
    !isCount(of) ||
    !isTexts(heading) ||
    !isPair(lines) ||
    !isPlaceOrNone(place) ||
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
    ...placeMember(place),
    ...(isMap(metadata) ? {metadata} : {}),
    ...(isMap(document) ? {document: decodeDocument(document)} : {}),
  }
}

const placeMember = (place: Place | undefined): Pick<ExportedChunk, 'place'> => (place ? {place} : {})

function decodeDocument({doc_hash: docHash, title, language, metadata, source}: Metadata): ExportedDocument {
  if (
    typeof docHash !== 'string' ||
    typeof title !== 'string' ||
    typeof language !== 'string' ||
    !isMap(metadata) ||
    !isSource(source)
  )
    throw badRecord('its "rag.document" member is not what an export writes')
  return {docHash, title, language, metadata, source}
}

const isAbsent = (raw: MetadataValue | undefined): boolean => raw === undefined || raw === null
const isText = (raw: MetadataValue | undefined): raw is string => typeof raw === 'string'
const isNumber = (raw: MetadataValue | undefined): raw is number => typeof raw === 'number'
const isCount = (raw: MetadataValue | undefined): raw is number =>
  Number.isSafeInteger(raw) && Number(raw) >= 0
const isTexts = (raw: MetadataValue | undefined): raw is readonly string[] =>
  Array.isArray(raw) && raw.every((one) => typeof one === 'string')
const isPair = (raw: MetadataValue | undefined): raw is readonly [number, number] =>
  Array.isArray(raw) && raw.length === 2 && raw.every((one: MetadataValue) => isCount(one))
const isPlaceOrNone = (raw: MetadataValue | undefined): raw is (MetadataValue & Place) | undefined =>
  raw === undefined || isPlace(raw)
const isMap = (raw: MetadataValue | undefined): raw is Metadata =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw)
/** The store takes no others, and would refuse them only when all that is committed with them is lost too. */
const isSource = (raw: MetadataValue | undefined): raw is Metadata & ExportedDocument['source'] =>
  isMap(raw) &&
  isText(raw['source']) &&
  [raw['root'], raw['sha256'], raw['pipeline']].every((one) => isAbsent(one) || isText(one)) &&
  [raw['sizeBytes'], raw['readAtMs']].every((one) => isAbsent(one) || Number.isSafeInteger(one)) &&
  (isAbsent(raw['mtimeMs']) || isNumber(raw['mtimeMs']))
const isKind = (raw: MetadataValue | undefined): raw is ExportedChunk['vector'] =>
  raw === 'dense' || raw === 'dummy' || raw === 'empty' || raw === 'none'
