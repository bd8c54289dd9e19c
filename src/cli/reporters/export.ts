import type {ExportReport} from '../../lib/index.js'
import {counted, plural, showBytes, showCount, showDuration} from '../output/human.js'
import {bold, type Screen} from '../output/screen.js'
import {pairs} from './table.js'

/** What an export wrote, and how to read it back. */
export function renderExport(report: ExportReport, screen: Screen): string {
  const {corpus, corpusVersion, files, format} = report
  const deleted = report.deleted > 0 ? `, ${showCount(report.deleted)} deleted` : ''
  const model =
    report.dimension > 0 ? `${report.model}, ${counted(report.dimension, 'dimensions')}` : 'no vectors'
  const entries = [
    ['Documents', `${showCount(report.documents)}${deleted}`],
    ['Records', `${showCount(report.records)}, ${showCount(report.vectors)} with a vector`],
    ['Model', model],
    [
      'Written',
      `${plural(files.length, 'file')}, ${showBytes(report.bytes)}, in ${showDuration(report.seconds)}`,
    ],
    ['Folder', report.dir],
    ['Read back', readBack(report, format)],
  ] as const
  return `${bold(`Corpus ${corpus} at version ${corpusVersion}`, screen)}\n${pairs(entries)}`
}

function readBack({dir, files}: ExportReport, format: ExportReport['format']): string {
  return format === 'jsonl'
    ? `rag ingest --jsonl ${dir}/${files[0]?.file ?? 'FILE'}`
    : `rag replay --glob '${dir}/*.msgpack*'`
}
