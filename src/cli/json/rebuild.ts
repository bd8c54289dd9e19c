import type {RebuildResult} from '../../contract/index.js'
import type {RebuildReport} from '../../lib/index.js'

/** `rag rebuild --json`, with and without `--dry-run`. See docs/json.md. */
export function rebuildJson(report: RebuildReport): RebuildResult {
  return {
    corpus: report.corpus,
    action: report.action,
    dry_run: report.dryRun,
    model: report.model,
    dimension: report.dimension,
    embedding_version: report.embeddingVersion,
    kept_version: report.kept === 0 ? null : report.kept,
    vectors: report.vectors,
    pending: report.pending,
    dummy: report.dummy,
    embedded: report.embedded,
    keywords: report.keywords,
    segments: report.segments,
    bytes: report.bytes,
    resumed: report.resumed,
    seconds: report.seconds,
    notes: report.notes,
    interrupted: report.interrupted,
  }
}
