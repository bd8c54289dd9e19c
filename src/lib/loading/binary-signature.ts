const SIGNATURES: readonly (readonly [kind: string, magic: string])[] = [
  ['a PDF document', '%PDF-'],
  ['a zip archive or an office document', 'PK\x03\x04'],
  ['an empty zip archive', 'PK\x05\x06'],
  ['a gzip archive', '\x1f\x8b\x08'],
  ['a bzip2 archive', 'BZh'],
  ['an xz archive', '\xfd7zXZ\x00'],
  ['a zstd archive', '\x28\xb5\x2f\xfd'],
  ['a 7z archive', '7z\xbc\xaf\x27\x1c'],
  ['a RAR archive', 'Rar!\x1a\x07'],
  ['a PNG image', '\x89PNG\r\n'],
  ['a JPEG image', '\xff\xd8\xff'],
  ['a GIF image', 'GIF87a'],
  ['a GIF image', 'GIF89a'],
  ['an ELF program', '\x7fELF'],
  ['a SQLite database', 'SQLite format 3\x00'],
  ['an old office document', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
  ['a WebAssembly module', '\x00asm'],
  ['an Ogg file', 'OggS\x00'],
  ['an MP3 file', 'ID3\x03'],
  ['an MP3 file', 'ID3\x04'],
]

/** What a file is by its first bytes when it is a well-known binary kind (`a PNG image`), else `undefined`. */
export function binarySignature(bytes: Buffer): string | undefined {
  const head = bytes.toString('latin1', 0, 16)
  return SIGNATURES.find(([, magic]) => head.startsWith(magic))?.[0]
}
