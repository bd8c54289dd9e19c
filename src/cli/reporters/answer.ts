import type {
  AnswerReport,
  Citation,
  Profile,
  Session,
  SessionMessage,
  SessionSummary,
} from '../../lib/index.js'
import {showCount, showTime} from '../output/human.js'
import {bold, dim, type Look} from '../output/screen.js'
import {wrap} from '../output/columns.js'
import {printable, printableLines, visibleName} from '../output/visible.js'
import {pairs, table} from './table.js'

/** An answer for people: the text, then the numbered sources. `streamed`: the text stands there already. */
export function renderAnswer(report: AnswerReport, look: Look, streamed: boolean): string {
  const text = streamed ? '\n' : `${folded(report.answer, look)}\n`
  const made = report.extractive
    ? report.found
      ? 'Sentences of the documents, put together by no model'
      : 'No model was asked'
    : `Written by ${report.model}`
  const about = `${made} · ${report.intent}${report.cache.answerHit ? ' · kept from before' : ''}`
  const sources = report.citations.map((citation) => source(citation, look)).join('')
  return `${text}\n${sources}${sources === '' ? '' : '\n'}${dim(about, look)}\n`
}

function folded(text: string, look: Look): string {
  let inCode = false
  const lines = printableLines(text)
    .split('\n')
    .flatMap((line) => {
      if (line.startsWith('```')) inCode = !inCode
      return inCode ? [line] : wrap(line, look.width)
    })
  return lines.join('\n')
}

function source({n, docId, title, heading, lines: [first, last]}: Citation, look: Look): string {
  const above = heading[0] === title || title === '' || title === docId ? heading : [title, ...heading]
  const path = [visibleName(docId), ...above.map(printable)].join(' › ')
  const lines = first === last ? `line ${first}` : `lines ${first}–${last}`
  return `[${n}] ${bold(path, look)}  ${dim(`(${lines})`, look)}\n`
}

export function renderSessions(sessions: readonly SessionSummary[], look: Look): string {
  const columns = [
    {title: 'CONVERSATION'},
    {title: 'USER'},
    {title: 'MESSAGES', right: true},
    {title: 'UPDATED'},
    {title: 'FIRST QUESTION', cut: true},
  ]
  const rows = sessions.map(({id, user, messages, updatedAtMs, title}) => [
    visibleName(id),
    visibleName(user ?? '–'),
    showCount(messages),
    showTime(updatedAtMs),
    printable(title),
  ])
  return table(columns, rows, look)
}

export function renderSession(session: Session, look: Look): string {
  return session.log.map((message) => renderMessage(message, look)).join('\n')
}

function renderMessage(message: SessionMessage, look: Look): string {
  const who =
    message.role === 'user' ? '?' : message.model === 'extractive' ? 'documents' : (message.model ?? '')
  const head = `${bold(who, look)}  ${dim(`${showTime(message.atMs)} · ${message.corpus}`, look)}\n`
  const text = message.redacted
    ? '(removed: a document that it was made from was deleted for good)'
    : message.text
  const sources = message.sources
    .filter(({n}) => n !== undefined)
    .map(({n, docId, lines}) => `[${n}] ${visibleName(docId)} (lines ${lines[0]}–${lines[1]})\n`)
  return `${head}${folded(text, look)}\n${sources.join('')}`
}

export function renderProfile(profile: Profile): string {
  return pairs([
    ['User', visibleName(profile.user)],
    ['Questions', showCount(profile.questions)],
    [
      'Interests',
      profile.interests
        .slice(0, 12)
        .map(([term]) => printable(term))
        .join(', ') || '–',
    ],
    [
      'Traits',
      Object.entries(profile.traits)
        .map(([k, v]) => printable(`${k}=${v}`))
        .join(', ') || '–',
    ],
    ['Lately', printable(profile.recentTopics.slice(0, 3).join(' | ')) || '–'],
  ])
}
