import type {ExamplesReport} from '../../lib/index.js'
import {counted, plural, showBytes, showCount, showDuration} from '../output/human.js'
import {bold, type Screen} from '../output/screen.js'
import {pairs} from './table.js'

/** What was made of a corpus, and where it lies. */
export function renderExamples(report: ExamplesReport, screen: Screen): string {
  const {corpus, corpusVersion, byKind, dropped, calls, files} = report
  const kinds = Object.entries(byKind).filter(([, count]) => count > 0)
  const told = kinds.map(([kind, count]) => `${showCount(count)} ${kind}`).join(', ')
  const isModel = report.model !== 'extractive'
  const entries: (readonly [string, string])[] = [
    ['Documents', `${showCount(report.documents)}, ${showCount(report.documentsUsed)} of them used`],
    ['Examples', told === '' ? showCount(report.examples) : `${showCount(report.examples)}: ${told}`],
    [
      'Left out',
      `${counted(report.duplicates, 'duplicates')}, ${showCount(report.beyondLimit)} beyond ${showCount(report.perDocument)} a document`,
    ],
    ...(isModel
      ? ([
          [
            'Model',
            `${report.model}, ${report.dryRun ? 'would be asked' : 'asked'} ${plural(calls, 'time')}`,
          ],
          [
            'Dropped',
            `${showCount(dropped.unsupported)} unsupported, ${showCount(dropped.unfit)} unfit, ${counted(dropped.malformed, 'malformed replies')}`,
          ],
        ] as const)
      : []),
    ['Seed', String(report.seed)],
    ...files.map(
      ({file, format, sizeBytes, sha256}) =>
        [
          format === 'jsonl' ? 'Written' : 'Batch',
          `${file}, ${showBytes(sizeBytes)}, SHA-256 ${sha256}`,
        ] as const,
    ),
    ['Time', showDuration(report.seconds)],
  ]
  const dry = report.dryRun ? ' (dry run: nothing was written)' : ''
  return `${bold(`Corpus ${corpus} at version ${corpusVersion}${dry}`, screen)}\n${pairs(entries)}`
}
