import {nextWords, topics, type CompletedCommand, type CompletedFlag} from './command-tree.js'

/** A zsh script that completes commands with their summaries, flags, and the values of flags that are one of a few words. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  const cases = commands.map(({words, flags}) => {
    const skip = words.length === 2 ? 'shift words; (( CURRENT-- )); ' : ''
    const specs = [...flags.flatMap(flagSpecs), `'--help[show help]'`, `'*:file:_files'`]
    return `    ${pattern(words)}) ${skip}_arguments -s \\\n      ${specs.join(' \\\n      ')} ;;`
  })
  const lists = topics(commands).map(
    (topic) => `  if (( CURRENT == 3 )) && [[ $words[2] == ${topic} ]]; then
    choices=(${described(nextWords(commands, [topic]))})
    _describe '${topic} command' choices
    return
  fi`,
  )
  return `#compdef rag
# Completion of rag for zsh. Use it with:  source <(rag completion zsh)   (after compinit)
_rag() {
  local -a choices
  if (( CURRENT == 2 )); then
    choices=(${described(nextWords(commands, []))})
    _describe 'command' choices
    return
  fi
${lists.join('\n')}
  local command="$words[2]"
  case "$command" in
    ${topics(commands).join('|') || '-'}) command="$command $words[3]" ;;
  esac
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join('\n')}
  esac
}
compdef _rag rag
`
}

function flagSpecs({name, char, description, takesValue, options}: CompletedFlag): readonly string[] {
  const about = description.replaceAll(/[[\]']/g, '').replaceAll(':', ' ')
  const value = takesValue ? `:${name}:${options.length > 0 ? `(${options.join(' ')})` : '_files'}` : ''
  const long = `'--${name}${takesValue ? '=' : ''}[${about}]${value}'`
  return char === undefined ? [long] : [long, `'-${char}[${about}]${value}'`]
}

function described(words: ReadonlyMap<string, string>): string {
  return [...words].map(([word, about]) => `'${word}:${about.replaceAll("'", '')}'`).join(' ')
}

function pattern(words: readonly string[]): string {
  return `"${words.join(' ')}"`
}
