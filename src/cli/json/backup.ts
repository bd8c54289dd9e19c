import type {BackupCorpus, BackupReport, LeftOutFile, RestoreReport} from '../../lib/index.js'
import type {BackupCorpusData, BackupResult, RestoreResult} from '../../contract/index.js'
import {iso} from './documents.js'

/** `rag backup --json`. */
export function backupJson(report: BackupReport): BackupResult {
  return {
    dir: report.dir,
    number: report.number,
    created_at: iso(report.createdAtMs),
    corpus: report.corpus ?? null,
    corpora: report.corpora.map(corpusJson),
    files: report.files,
    bytes: report.bytes,
    copied: {files: report.copiedFiles, bytes: report.copiedBytes},
    retries: report.retries,
    left_out: report.leftOut.map(leftOutJson),
    damaged_texts: report.damagedTexts,
    seconds: report.seconds,
  }
}

/** `rag restore --json`, with `--dry-run` too. */
export function restoreJson(report: RestoreReport): RestoreResult {
  return {
    dir: report.dir,
    data_dir: report.dataDir,
    index_dir: report.indexDir,
    dry_run: report.dryRun,
    number: report.number,
    created_at: iso(report.createdAtMs),
    corpora: report.corpora.map(corpusJson),
    files: report.files,
    bytes: report.bytes,
    replaced: report.replaced,
    kept_old: report.keptOld ?? null,
    notes: report.notes,
    seconds: report.seconds,
  }
}

function corpusJson({corpus, version, documents, chunks, vectors, pending}: BackupCorpus): BackupCorpusData {
  return {corpus, version, documents, chunks, vectors, pending}
}

function leftOutJson({kind, file, reason}: LeftOutFile): BackupResult['left_out'][number] {
  return {kind, file, reason}
}
