import type {Finding, VerifyReport} from '../../lib/index.js'
import {plural, showBytes, showDuration} from '../output/human.js'
import {bold, type Screen} from '../output/screen.js'
import {printable, visibleName} from '../output/visible.js'

/** What a verification found, the worst first, and what it looked at. */
export function renderVerify(report: VerifyReport, screen: Screen): string {
  const {checked} = report
  const lookedAt = [
    plural(checked.files, 'file'),
    showBytes(checked.bytes),
    plural(checked.vectors, 'vector'),
    plural(checked.documents, 'document'),
  ].join(', ')
  const lines = [
    bold(headOf(report), screen),
    `Looked at ${lookedAt} in ${showDuration(report.seconds)}.`,
    ...(report.complete ? [] : ['Not everything was looked at; the next run goes on with the rest.']),
    ...report.repaired.map((note) => `- ${printable(note)}`),
    ...report.findings.flatMap(findingLines),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

function headOf({ok, findings, repaired}: VerifyReport): string {
  if (ok) return repaired.length > 0 ? 'All is well again.' : 'All is well.'
  const errors = findings.filter(({severity}) => severity === 'error').length
  return `${plural(errors, 'thing')} ${errors === 1 ? 'is' : 'are'} damaged.`
}

function findingLines({severity, code, where, message, fix}: Finding): string[] {
  return ['', `${severity}: ${visibleName(where)}: ${printable(message)} (${code})`, `  ${printable(fix)}`]
}
