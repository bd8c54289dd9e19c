import type {Block, BlockOf} from '../../model/block.js'
import {blocksOfChunk} from '../../text/blocks/chunk-blocks.js'
import type {ExampleChunk} from '../candidate.js'
import {withoutNumber} from './headings.js'
import {plain} from './text-measures.js'

/** A block that an example can be made of. */
export type SectionBlock = BlockOf<'paragraph' | 'list' | 'table' | 'definition'> | BlockOf<'code'>

/** What stands under one heading of a chunk. */
export interface Section {
  /** Absent when the section began in an earlier chunk: then only its sentences are looked at. */
  readonly heading?: string
  /** The title above all of it: the heading, or what it goes on under. */
  readonly under: readonly string[]
  readonly blocks: readonly SectionBlock[]
}

/**
 * The sections of a chunk, in order. `carried` is the heading that the chunk before ended with; `open` the one that this chunk ends with,
 * so that what stands under it begins the next.
 */
export function sectionsOf(
  chunk: ExampleChunk,
  carried: string | undefined,
): {readonly sections: readonly Section[]; readonly open: string | undefined} {
  const sections: {heading?: string; under: readonly string[]; blocks: SectionBlock[]}[] = []
  const above: {level: number; title: string}[] = []
  const path = chunk.heading.map(withoutNumber)
  let own: (typeof sections)[number] = {under: path, blocks: []}
  if (carried !== undefined) own.heading = carried
  sections.push(own)
  for (const block of blocksOfChunk(chunk.text)) {
    if (isMaterial(block)) own.blocks.push(block)
    if (block.kind !== 'heading' || block.title.start === block.title.end) continue
    const title = withoutNumber(plain(chunk.text.slice(block.title.start, block.title.end)))
    while ((above.at(-1)?.level ?? 0) >= block.level) above.pop()
    const outer = above.length > 0 ? above.map((it) => it.title) : outside(path, title)
    own = {heading: title, under: [...outer, title], blocks: []}
    above.push({level: block.level, title})
    sections.push(own)
  }
  const isOpen = own.heading !== undefined && own.blocks.length === 0
  return {sections, open: isOpen ? own.heading : undefined}
}

/** Not quotations, markup, or what only its indentation makes code: nothing that an example is made of. */
function isMaterial(block: Block): block is SectionBlock {
  if (block.kind === 'code') return !block.isIndented
  return ['paragraph', 'list', 'table', 'definition'].includes(block.kind)
}

/** The path that the chunk has, up to a heading that stands in it. */
function outside(path: readonly string[], title: string): readonly string[] {
  const at = path.indexOf(title)
  return at < 0 ? path.slice(0, 1).filter((it) => it !== title) : path.slice(0, at)
}
