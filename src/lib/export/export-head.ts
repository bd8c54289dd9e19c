import type {BatchHeader} from '../model/batch-record.js'
import {deletionsForgotten, nothingSince} from '../model/errors/files/export.js'
import type {CorpusSnapshot} from '../ports/store/corpus-snapshot.js'
import type {ExportManifest} from './export-manifest.js'

type ManifestHead = Pick<
  ExportManifest,
  'format' | 'format_version' | 'corpus' | 'corpus_created_at_ms' | 'corpus_version'
>

export function manifestHead({corpus}: CorpusSnapshot): ManifestHead {
  return {
    format: 'rag-export',
    format_version: 1,
    corpus: corpus.name,
    corpus_created_at_ms: corpus.createdAtMs,
    corpus_version: corpus.version,
  }
}

/** The model whose vectors searches see; null without any. */
export function modelOf({live}: CorpusSnapshot): ExportManifest['model'] {
  if (!live) return null
  const {provider, model, dimension, fingerprint, spec, fittedChunks} = live
  return {
    provider,
    model,
    dimension,
    fingerprint,
    ...(spec ? {spec: {...spec}} : {}),
    ...(fittedChunks === undefined ? {} : {fitted_chunks: fittedChunks}),
  }
}

/** What stands at the head of each batch: enough to make the same corpus of it. */
export function batchHeader(
  {corpus, live}: CorpusSnapshot,
  withVectors: boolean,
): BatchHeader & {readonly embeddingDim: number} {
  const of = live && withVectors ? live : undefined
  return {
    source: corpus.name,
    batchTag: `v${corpus.version}`,
    createdAt: new Date(corpus.updatedAtMs).toISOString(),
    embeddingDim: of?.dimension ?? 0,
    ...(of ? {model: of.model} : {}),
    origin: {
      corpus: corpus.name,
      settings: {...corpus.settings},
      ...(of
        ? {
            provider: of.provider,
            model: of.model,
            dimension: of.dimension,
            fingerprint: of.fingerprint,
            ...(of.spec ? {spec: of.spec} : {}),
          }
        : {}),
    },
  }
}

/** Ids of documents that were deleted since a version. @throws RagError USAGE | MODEL_MISMATCH when nobody can tell any more */
export async function requireDeletedSince(
  snapshot: CorpusSnapshot,
  since: number,
): Promise<readonly string[]> {
  const {name, version} = snapshot.corpus
  if (since > version) throw nothingSince(name, version, since)
  const deleted = await snapshot.deletedSince(since)
  if (deleted) return deleted
  throw deletionsForgotten(name, since)
}
