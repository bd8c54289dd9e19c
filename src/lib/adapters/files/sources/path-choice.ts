import picomatch from 'picomatch'

/**
 * Makes the choice by `include` and `exclude` globs on paths relative to the root. A pattern without `/` matches at any depth; one that
 * names a folder takes in everything under it; hidden entries are matched like others.
 */
export function pathChoice(
  include: readonly string[] | undefined,
  exclude: readonly string[] | undefined,
): (path: string) => boolean {
  const included = include === undefined || include.length === 0 ? undefined : matcher(include)
  const excluded = exclude === undefined || exclude.length === 0 ? undefined : matcher(exclude)
  return (path) => (included === undefined || included(path)) && (excluded === undefined || !excluded(path))
}

function matcher(globs: readonly string[]): (path: string) => boolean {
  const isMatch = picomatch(globs.flatMap(anchored), {dot: true, nonegate: true})
  return (path) => isMatch(path)
}

function anchored(glob: string): readonly string[] {
  const plain = glob.replace(/^(?:\.\/|\/)+/, '').replace(/\/+$/, '')
  if (plain === '') return ['**']
  // A `/` at either end anchors as it does in .gitignore: `/a` only at the top, `a/` a folder anywhere.
  const anywhere = !plain.includes('/') && !glob.startsWith('/') && !glob.startsWith('./')
  const start = anywhere ? `**/${plain}` : plain
  return [start, `${start}/**`]
}
