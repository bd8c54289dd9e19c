import {plainLoader} from './plain-text.js'

const EXTENSIONS =
  'ts tsx mts cts js jsx mjs cjs vue svelte astro css scss sass less py pyi pyx rb rs go java kt kts scala sc groovy gradle clj cljs edn ' +
  'c h cc cpp cxx hpp hh hxx ino cu cuh m mm cs fs fsx fsi vb swift dart php pl pm t raku lua r jl hs lhs elm ml mli ex exs erl hrl ' +
  'nim zig v sv vhd vhdl d pas pp f f77 f90 f95 for ada adb ads lisp lsp el scm rkt asm s sh bash zsh fish ksh ps1 psm1 bat cmd awk sed ' +
  'sql graphql gql proto thrift avsc capnp tf tfvars hcl nix cmake mk mak bzl bazel dockerfile tcl vim wat sol move cairo patch diff'

/** A line of so many characters, of which hardly one is white space, was written by a program for a program. */
const MINIFIED = 1000
const MOST_SPACES = 0.08

/** Source code as text, cut by its lines; minified ones are left empty. */
export const codeLoader = plainLoader('code', EXTENSIONS.split(' '), {
  format: 'code',
  keepExtension: true,
  edit: withoutMinified,
})

function withoutMinified(text: string): string {
  const lines = text.split('\n')
  if (!lines.some(isMinified)) return text
  return lines.map((line) => (isMinified(line) ? '' : line)).join('\n')
}

function isMinified(line: string): boolean {
  if (line.length < MINIFIED) return false
  let spaces = 0
  let others = 0
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at)
    if (code === 0x20 || code === 0x09) spaces++
    else if (code > 0x7f) others++
  }
  return spaces < MOST_SPACES * line.length && others < 0.1 * line.length
}
