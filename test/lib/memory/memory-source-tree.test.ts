import {createMemorySourceTree} from '../../support/memory/memory-source-tree.js'
import {sourceTreeContract} from '../../contract/source-tree.contract.js'

sourceTreeContract('the memory tree', (files, stdin) => {
  const held = new Map(
    Object.entries(files).map(([path, text]) => [`/root/${path}`, {bytes: Buffer.from(text)}]),
  )
  return {
    tree: createMemorySourceTree(held, Buffer.from(stdin)),
    root: '/root',
    remove: (path) => held.delete(`/root/${path}`),
  }
})
