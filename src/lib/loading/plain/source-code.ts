import {plainLoader} from './plain-text.js'

const EXTENSIONS =
  'ts tsx mts cts js jsx mjs cjs vue svelte astro css scss sass less py pyi pyx rb rs go java kt kts scala sc groovy gradle clj cljs edn ' +
  'c h cc cpp cxx hpp hh hxx ino cu cuh m mm cs fs fsx fsi vb swift dart php pl pm t raku lua r jl hs lhs elm ml mli ex exs erl hrl ' +
  'nim zig v sv vhd vhdl d pas pp f f77 f90 f95 for ada adb ads lisp lsp el scm rkt asm s sh bash zsh fish ksh ps1 psm1 bat cmd awk sed ' +
  'sql graphql gql proto thrift avsc capnp tf tfvars hcl nix cmake mk mak bzl bazel dockerfile tcl vim wat sol move cairo patch diff'

/** Source code as text, cut by its lines. */
export const codeLoader = plainLoader('code', EXTENSIONS.split(' '), 'code', true)
