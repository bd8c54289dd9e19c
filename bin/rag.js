#!/usr/bin/env node
// Plain JavaScript that every Node can parse: the checks below must be able to speak before anything newer is loaded.
import {existsSync, readFileSync} from 'node:fs'

const root = new URL('../', import.meta.url)
const entry = new URL('dist/cli/main.js', root)
const [major, minor] = process.versions.node.split('.').map(Number)
const argv = process.argv.slice(2)

function refuse(message) {
  process.stderr.write(`rag: ${message}\n`)
  process.exitCode = 1
}

if (major < 20 || (major === 20 && minor < 19)) {
  refuse(`Node ${process.versions.node} is too old: rag needs 20.19 or newer.`)
} else if (argv.length === 1 && ['--version', '-v', 'version'].includes(argv[0])) {
  const {name, version} = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))
  process.stdout.write(`${name}/${version} ${process.platform}-${process.arch} node-${process.version}\n`)
} else if (existsSync(entry)) {
  const {main} = await import(entry.href)
  await main(argv, root)
} else {
  refuse('not built yet (there is no dist/ folder). Build it with: npm install && npm run build')
}
