import {blocksOf, type Block} from './blocks.js'
import type {ExampleChunk} from '../draft.js'
import {withoutNumber} from './headings.js'
import {plain} from './text-measures.js'

/** What stands under one heading of a chunk. */
export interface Section {
  /** Absent when the section began in an earlier chunk: then only its sentences are looked at. */
  readonly heading?: string
  /** The title above all of it: the heading, or what it goes on under. */
  readonly under: readonly string[]
  readonly blocks: readonly Exclude<Block, {kind: 'heading'}>[]
}

/**
 * The sections of a chunk, in order. `carried` is the heading that the chunk before ended with; `open` the one that this chunk ends with,
 * so that what stands under it begins the next.
 */
export function sectionsOf(
  chunk: ExampleChunk,
  carried: string | undefined,
): {readonly sections: readonly Section[]; readonly open: string | undefined} {
  const sections: {heading?: string; under: readonly string[]; blocks: Section['blocks'][number][]}[] = []
  const above: {level: number; title: string}[] = []
  const path = chunk.heading.map(withoutNumber)
  let own: (typeof sections)[number] = {under: path, blocks: []}
  if (carried !== undefined) own.heading = carried
  sections.push(own)
  for (const block of blocksOf(chunk.text)) {
    if (block.kind !== 'heading') {
      own.blocks.push(block)
      continue
    }
    const title = withoutNumber(
      plain(chunk.text.slice(block.title.start, block.title.end)).replace(/\s#+$/, ''),
    )
    while ((above.at(-1)?.level ?? 0) >= block.level) above.pop()
    const outer = above.length > 0 ? above.map((it) => it.title) : outside(path, title)
    own = {heading: title, under: [...outer, title], blocks: []}
    above.push({level: block.level, title})
    sections.push(own)
  }
  const isOpen = own.heading !== undefined && own.blocks.every(({kind}) => kind === 'aside')
  return {sections, open: isOpen ? own.heading : undefined}
}

/** The path that the chunk has, up to a heading that stands in it. */
function outside(path: readonly string[], title: string): readonly string[] {
  const at = path.indexOf(title)
  return at < 0 ? path.slice(0, 1).filter((it) => it !== title) : path.slice(0, at)
}
