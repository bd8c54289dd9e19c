import {nextWords, topics, type CompletedCommand} from './command-tree.js'

/** A fish script that completes commands with their summaries, flags, and the values of flags that are one of a few words. */
export function fishScript(commands: readonly CompletedCommand[]): string {
  const first = [...nextWords(commands, [])].map(
    ([word, about]) => `complete -c rag -n __fish_use_subcommand -f -a ${word} -d ${quote(about)}`,
  )
  const below = topics(commands).flatMap((topic) => {
    const words = [...nextWords(commands, [topic])]
    const none = `not __fish_seen_subcommand_from ${words.map(([word]) => word).join(' ')}`
    return words.map(
      ([word, about]) =>
        `complete -c rag -n '__fish_seen_subcommand_from ${topic}; and ${none}' -f -a ${word} -d ${quote(about)}`,
    )
  })
  const flags = commands.flatMap(({words, flags: own}) => {
    const seen = words.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ')
    return own.map(({name, char, description, takesValue, options}) =>
      [
        `complete -c rag -n '${seen}' -l ${name}`,
        ...(char === undefined ? [] : [`-s ${char}`]),
        ...(takesValue ? ['-r'] : []),
        ...(options.length > 0 ? [`-f -a ${quote(options.join(' '))}`] : []),
        `-d ${quote(description)}`,
      ].join(' '),
    )
  })
  return `# Completion of rag for fish. Use it with:  rag completion fish | source\n${[...first, ...below, ...flags].join('\n')}\n`
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
