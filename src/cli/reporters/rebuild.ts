import type {RebuildAction, RebuildReport} from '../../lib/index.js'
import {plural, showBytes, showCount, showDuration} from '../output/human.js'
import {pairs} from './table.js'

const DONE: Readonly<Record<RebuildAction, string>> = {
  rebuild: 'Rebuilt the index of',
  reembed: 'Embedded anew:',
  fill: 'Filled what was missing in',
  compact: 'Compacted the index of',
  rollback: 'Went back to the kept vectors of',
}

const WOULD: Readonly<Record<RebuildAction, string>> = {
  rebuild: 'Would rebuild the index of',
  reembed: 'Would embed anew:',
  fill: 'Would fill what is missing in',
  compact: 'Would compact the index of',
  rollback: 'Would go back to the kept vectors of',
}

/** What a rebuild did, or would do. */
export function renderRebuild(report: RebuildReport): string {
  const {action, dryRun, segments, bytes, embeddingVersion: version} = report
  const head = report.interrupted
    ? `Interrupted; nothing was switched yet, and the same command goes on: ${report.corpus}`
    : `${(dryRun ? WOULD : DONE)[action]} ${report.corpus}`
  const about = dryRun ? 'about ' : ''
  const model = report.dimension > 0 ? `${report.model} (${report.dimension})` : report.model
  const facts = pairs([
    ['Model', model],
    [
      'Version',
      version.before === version.after ? `${version.after}` : `${version.before} → ${version.after}`,
    ],
    ['Kept', report.kept === 0 ? 'none' : `embedding version ${report.kept}, for rag rebuild --rollback`],
    ['Vectors', `${showCount(report.vectors)}, ${showCount(report.pending + report.dummy)} missing`],
    ['Embedded', plural(report.embedded, 'text')],
    ['Keywords', plural(report.keywords, 'entry', 'entries')],
    [
      'Segments',
      `${segments.before} → ${segments.after}${report.resumed > 0 ? `, ${report.resumed} already built` : ''}`,
    ],
    ['Bytes', `${showBytes(bytes.before)} → ${about}${showBytes(bytes.after)}`],
    ['Time', showDuration(report.seconds)],
  ])
  return `${head}\n${facts}`
}
