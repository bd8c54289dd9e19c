import type {ExportResult} from '../../contract/index.js'
import type {ExportReport} from '../../lib/index.js'

/** `rag export --json`. See docs/json.md. */
export function exportJson(report: ExportReport): ExportResult {
  return {
    corpus: report.corpus,
    corpus_version: report.corpusVersion,
    dir: report.dir,
    format: report.format,
    files: report.files.map(({file, records, sizeBytes}) => ({file, records, size_bytes: sizeBytes})),
    documents: report.documents,
    records: report.records,
    deleted: report.deleted,
    vectors: report.vectors,
    model: report.model,
    dimension: report.dimension,
    bytes: report.bytes,
    seconds: report.seconds,
  }
}
