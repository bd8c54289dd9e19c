import type {
  AnswerReport,
  Citation,
  Profile,
  Session,
  SessionMessage,
  SessionSummary,
} from '../../lib/index.js'
import {showCount, showTime} from '../output/human.js'
import {showPlace} from '../output/places.js'
import {bold, dim, type Screen} from '../output/screen.js'
import {wrap} from '../output/columns.js'
import {printable, printableLines, visibleName} from '../output/visible.js'
import {pairs, table} from './table.js'

/** An answer for people: the text, then the numbered sources. `streamed`: the text stands there already. */
export function renderAnswer(report: AnswerReport, screen: Screen, streamed: boolean): string {
  const text = streamed ? '\n' : `${folded(report.answer, screen)}\n`
  const made = report.extractive
    ? report.found
      ? 'Sentences of the documents, put together by no model'
      : 'No model was asked'
    : `Written by ${report.model}`
  const about = `${made} · ${report.intent}${report.cache.answerHit ? ' · kept from before' : ''}`
  const sources = report.citations.map((citation) => source(citation, screen)).join('')
  return `${text}\n${sources}${sources === '' ? '' : '\n'}${dim(about, screen)}\n`
}

function folded(text: string, screen: Screen): string {
  let inCode = false
  const lines = printableLines(text)
    .split('\n')
    .flatMap((line) => {
      if (line.startsWith('```')) inCode = !inCode
      return inCode ? [line] : wrap(line, screen.width)
    })
  return lines.join('\n')
}

function source({n, docId, title, heading, place}: Citation, screen: Screen): string {
  const above = heading[0] === title || title === '' || title === docId ? heading : [title, ...heading]
  const path = [visibleName(docId), ...above.map(printable)].join(' › ')
  const where = place ? `  ${dim(`(${showPlace(place)})`, screen)}` : ''
  return `[${n}] ${bold(path, screen)}${where}\n`
}

export function renderSessions(sessions: readonly SessionSummary[], screen: Screen): string {
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
  return table(columns, rows, screen)
}

export function renderSession(session: Session, screen: Screen): string {
  return session.log.map((message) => renderMessage(message, screen)).join('\n')
}

function renderMessage(message: SessionMessage, screen: Screen): string {
  const who =
    message.role === 'user' ? '?' : message.model === 'extractive' ? 'documents' : (message.model ?? '')
  const head = `${bold(who, screen)}  ${dim(`${showTime(message.atMs)} · ${message.corpus}`, screen)}\n`
  const text = message.redacted
    ? '(removed: a document that it was made from was deleted for good)'
    : message.text
  const sources = message.sources
    .filter(({n}) => n !== undefined)
    .map(({n, docId, place}) => `[${n}] ${visibleName(docId)}${place ? ` (${showPlace(place)})` : ''}\n`)
  return `${head}${folded(text, screen)}\n${sources.join('')}`
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
