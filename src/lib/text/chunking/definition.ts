const MODIFIERS =
  'export|default|public|private|protected|internal|static|abstract|final|async|inline|pub|pub\\(\\w+\\)|unsafe|extern|virtual|override|declare|open|data|sealed|partial|local'
const KEYWORDS =
  'def|class|function|fn|func|fun|interface|struct|enum|trait|impl|type|module|namespace|object|record|protocol|extension|sub|procedure|defmodule|defp'

const BY_KEYWORD = new RegExp(
  `^(?:(?:${MODIFIERS}) +)*(?:${KEYWORDS})\\b\\*? *(?:<[^>]*> *|\\([^)]*\\) *)?([\\p{L}_$][\\p{L}\\p{N}_$.:]*)`,
  'u',
)
const BY_VALUE = /^(?:export +)?(?:default +)?(?:const|let|var|val) +([\p{L}_$][\p{L}\p{N}_$]*)\b[^=]*=(?!=)/u
/** `int main(int argc, char **argv) {`, `name() {`: no statement ends on the line, and no keyword of control begins it. */
const BY_SHAPE =
  /^(?!(?:if|for|while|switch|else|do|return|case|catch|with|elif|try)\b)(?:[\w:<>,*&[\]]+ +)*[*&]*([\w:~]+) ?\([^;=]*$/
const BY_SQL =
  /^create +(?:or +replace +)?(?:\w+ +)?(?:table|view|function|procedure|index|trigger|type) +(?:if +not +exists +)?([\w."`]+)/i
const COMMENT = /^(?:#|\/\/|\/\*|\*|--|;;|@|"""|'''|%|\[<|#\[)/
/** Longer lines are no definitions; bounds the regular expressions. */
const LONGEST = 200

/** The name that a line of code (without its indentation) defines, if it begins a definition. `top`: the line is not indented. */
export function definedName(row: string, top: boolean): string | undefined {
  if (row.length > LONGEST) return undefined
  const keyword = BY_KEYWORD.exec(row)
  if (keyword) return keyword[1]!.replace(/[.:]+$/, '')
  if (!top) return undefined
  return (BY_VALUE.exec(row) ??
    BY_SQL.exec(row) ??
    (/[({,]\s*$/.test(row) || row.endsWith(')') ? BY_SHAPE.exec(row) : null))?.[1]
}

/** Whether a line is a comment or decorator, which belongs to the definition below it. */
export function isLeadingLine(row: string): boolean {
  return COMMENT.test(row)
}
