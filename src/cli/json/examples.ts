import type {ExamplesResult} from '../../contract/index.js'
import type {ExamplesReport} from '../../lib/index.js'

/** `rag examples build --json`. See docs/json.md. */
export function examplesJson(report: ExamplesReport): ExamplesResult {
  return {
    corpus: report.corpus,
    corpus_version: report.corpusVersion,
    model: report.model,
    seed: report.seed,
    per_doc: report.perDocument,
    dry_run: report.dryRun,
    documents: report.documents,
    documents_used: report.documentsUsed,
    examples: report.examples,
    by_kind: report.byKind,
    duplicates: report.duplicates,
    beyond_limit: report.beyondLimit,
    dropped: report.dropped,
    calls: report.calls,
    files: report.files.map(({file, format, records, sizeBytes, sha256}) => ({
      file,
      format,
      records,
      size_bytes: sizeBytes,
      sha256,
    })),
    seconds: report.seconds,
  }
}
