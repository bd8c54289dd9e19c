let ready: Promise<typeof import('@bokuweb/zstd-wasm')> | undefined

/** Packs bytes with zstd. The module is started once a process: started again, its memory is another one. */
export async function zstd(bytes: Uint8Array): Promise<Buffer> {
  ready ??= import('@bokuweb/zstd-wasm').then(async (module) => {
    await module.init()
    return module
  })
  const {compress} = await ready
  return Buffer.from(compress(Buffer.from(bytes)))
}
