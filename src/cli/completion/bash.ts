import {nextWords, topics, type CompletedCommand} from './command-tree.js'

/** A bash script that completes commands, flags and the values of flags that are one of a few words. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  const cases = commands.map(({words, flags}) => {
    const names = flags.flatMap(({name, char}) => [`--${name}`, ...(char === undefined ? [] : [`-${char}`])])
    return `    "${words.join(' ')}") flags="${[...names, '--help'].join(' ')}" ;;`
  })
  const values = commands.flatMap(({words, flags}) =>
    flags
      .filter(({options}) => options.length > 0)
      .map(({name, options}) => `    "${words.join(' ')} --${name}") values="${options.join(' ')}" ;;`),
  )
  const below = topics(commands).map(
    (topic) => `    "${topic}") words="${[...nextWords(commands, [topic]).keys()].join(' ')}" ;;`,
  )
  return `# Completion of rag for bash. Use it with:  source <(rag completion bash)
_rag() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local command="" words="" flags="" values="" word i
  for ((i = 1; i < COMP_CWORD && i < 3; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$word" in -*) break ;; esac
    case "$command" in
      "") command="$word" ;;
      ${topics(commands).join('|') || '-'}) command="$command $word" ;;
    esac
  done
  case "$command" in
    "") words="${[...nextWords(commands, []).keys()].join(' ')}" ;;
${below.join('\n')}
  esac
  case "$command" in
${cases.join('\n')}
  esac
  case "$command $previous" in
${values.join('\n')}
  esac
  if [[ -n "$values" ]]; then
    COMPREPLY=($(compgen -W "$values" -- "$current"))
  elif [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$current"))
  elif [[ -n "$words" ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -o filenames -F _rag rag
`
}
