import {rename, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {Plugin} from '@oclif/core/config'

/** Writes `oclif.manifest.json` from the built commands: with it, oclif looks for no files at start. */
export async function writeManifest(root: string): Promise<void> {
  const plugin = new Plugin({
    root,
    type: 'core',
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
  })
  await plugin.load()
  const path = join(root, 'oclif.manifest.json')
  await writeFile(`${path}.new`, `${JSON.stringify(plugin.manifest)}\n`)
  await rename(`${path}.new`, path)
}
