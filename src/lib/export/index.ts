/**
 * # export: a corpus as batches
 *
 * **For**: writing a corpus, as it is at one instant, into a folder that `replay` makes the same corpus of; and gathering what each ingest embeds.
 *
 * **Terms**
 * - *batch file*: MessagePack records, packed or not; see docs/batch-format.md.
 * - *manifest*: names the files of an export with size and SHA-256, sealed by a hash over itself.
 * - *run*: what one ingest adds to a folder that gathers.
 *
 * **Promises**
 * - At any instant the manifest names the files of the export before or of the new one, whole.
 * - The same state gives the same bytes. Others may write meanwhile: a snapshot is read.
 * - A folder is the corpus's own, or is refused; nobody else's file is touched.
 *
 * **Steps**
 * ```
 *   openExportPlace ─► snapshot ─► parts staged ─► published under their names ─► manifest ─► files of before removed
 * ```
 */
export {type BatchOutput, openBatchOutput, type OutputOutcome, requireOutputFolder} from './batch-output.js'
export {
  type ExportedFile,
  type ExportManifest,
  firstValidRun,
  MANIFEST_NAME,
  parseExportManifest,
  succeeds,
} from './export-manifest.js'
export {exportTo} from './export-to-folder.js'
