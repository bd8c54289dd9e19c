import fc from 'fast-check'

const LINES = [
  ...['# T', '## a b', '#', 'text words go on here', 'Term', '', '', '', '===', '---', '***', '----'],
  ...[
    '- item',
    '  - sub item',
    '1. one',
    '2. two',
    '   more of one',
    '-',
    '*',
    '- - - a',
    '1) x',
    '+ y',
    '• z',
  ],
  ...['> q', '> - x', '> > deep', '> ', '```', '```js', '~~~', '    indented', '\tt', '      deep code'],
  ...[
    '| a | b |',
    '|---|---|',
    '| 1 | 2 |',
    'a | b',
    '--|--',
    '<div>',
    '</div>',
    '<!-- c',
    '-->',
    '<script>',
  ],
  ...[
    '[x]: http://a',
    ': what it means',
    '.. note:: x',
    ':::tip',
    '{{x}}',
    'import {a} from "b"',
    'Import it now.',
  ],
  ...['\u00a0', 'a\u00a0', 'name: value', 'word '.repeat(60).trim()],
]
const prefix = fc.constantFrom('  ', '    ', '> ', '- ', '1. ', '\t', '> > ')
const known = fc.constantFrom(...LINES)

/** Texts of lines that mean something in Markdown, alone, within one another, and between arbitrary ones. */
export const markdownText = fc
  .array(
    fc.oneof(
      {weight: 12, arbitrary: known},
      {weight: 2, arbitrary: fc.tuple(prefix, known).map((parts) => parts.join(''))},
      {weight: 1, arbitrary: fc.string({unit: 'binary', maxLength: 30})},
    ),
    {maxLength: 60},
  )
  .map((lines) => lines.join('\n'))
