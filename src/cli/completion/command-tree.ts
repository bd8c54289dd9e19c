/** A flag as completion sees it. */
export interface CompletedFlag {
  readonly name: string
  readonly char?: string
  readonly description: string
  readonly takesValue: boolean
  /** What the value may be, when it is one of a few words. */
  readonly options: readonly string[]
}

/** A command as completion sees it: `words` are what is typed after `rag`. */
export interface CompletedCommand {
  readonly words: readonly string[]
  readonly summary: string
  readonly flags: readonly CompletedFlag[]
}

/** The part of oclif's loaded commands that is used here; it comes from the manifest. */
export interface LoadedCommand {
  readonly id: string
  readonly hidden?: boolean | undefined
  readonly summary?: string | undefined
  readonly description?: string | undefined
  readonly flags: Readonly<Record<string, LoadedFlag>>
}

interface LoadedFlag {
  readonly name: string
  readonly type: 'boolean' | 'option'
  readonly char?: string | undefined
  readonly description?: string | undefined
  readonly options?: readonly string[] | undefined
}

/** All visible commands, sorted, with their flags. */
export function commandTree(loaded: readonly LoadedCommand[]): readonly CompletedCommand[] {
  return loaded
    .filter((command) => command.hidden !== true)
    .map((command) => ({
      words: command.id.split(':'),
      summary: firstSentence(command.summary ?? command.description ?? ''),
      flags: Object.values(command.flags).map(toFlag),
    }))
    .sort((a, b) => (a.words.join(' ') < b.words.join(' ') ? -1 : 1))
}

/** The words that may follow `prefix`, each with its summary. */
export function nextWords(
  commands: readonly CompletedCommand[],
  prefix: readonly string[],
): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const {words, summary} of commands) {
    const next = words[prefix.length]
    if (next === undefined || !prefix.every((word, i) => words[i] === word)) continue
    const last = words.length === prefix.length + 1
    found.set(next, last ? summary : (found.get(next) ?? `${next} commands`))
  }
  return found
}

/** The topics: words that have commands below them. */
export function topics(commands: readonly CompletedCommand[]): readonly string[] {
  return [...new Set(commands.filter(({words}) => words.length > 1).map(({words}) => words[0] ?? ''))]
}

function toFlag(flag: LoadedFlag): CompletedFlag {
  return {
    name: flag.name,
    ...(flag.char === undefined ? {} : {char: flag.char}),
    description: firstSentence(flag.description ?? ''),
    takesValue: flag.type === 'option',
    options: flag.options ?? [],
  }
}

function firstSentence(text: string): string {
  return (text.split(/;|\.\s|\n|\[env/)[0] ?? '').trim()
}
