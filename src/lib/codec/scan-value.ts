/** `scanValue` ran out of bytes. */
export const NEEDS_MORE = -1

/** A byte that begins no MessagePack value. */
export class NeverUsedByte extends Error {
  readonly place: number

  constructor(place: number) {
    super('0xc1 begins no MessagePack value')
    this.place = place
  }
}

/**
 * Where the MessagePack value that begins at `start` ends, or `NEEDS_MORE`. Nothing is decoded and nothing made: what is claimed to be in
 * a value is counted, so that neither a claimed length of 2^32 nor a hundred thousand arrays inside each other cost anything.
 * @throws NeverUsedByte
 */
export function scanValue(bytes: Uint8Array, view: DataView, start: number, end: number): number {
  let place = start
  let left = 1
  while (left > 0) {
    if (place >= end) return NEEDS_MORE
    const tag = bytes[place]!
    left--
    if (tag <= 0x7f || tag >= 0xe0) {
      place++
      continue
    }
    const size = sizeOf(tag, view, place, end)
    if (size === NEEDS_MORE) return NEEDS_MORE
    left += inside(tag, view, place)
    place += size
    if (place > end) return NEEDS_MORE
  }
  return place
}

/** Bytes of a value's head with, for texts, bytes and extensions, what follows. */
function sizeOf(tag: number, view: DataView, place: number, end: number): number {
  if (tag <= 0x9f) return 1
  if (tag <= 0xbf) return 1 + (tag & 0x1f)
  if (tag === 0xc1) throw new NeverUsedByte(place)
  const head = HEAD_BYTES[tag - 0xc0]!
  if (place + head > end) return NEEDS_MORE
  switch (LENGTH_BYTES[tag - 0xc0]!) {
    case 1:
      return head + view.getUint8(place + 1)
    case 2:
      return head + view.getUint16(place + 1)
    case 4:
      return head + view.getUint32(place + 1)
    default:
      return head
  }
}

/** Values that stand inside an array or map. */
function inside(tag: number, view: DataView, place: number): number {
  if (tag <= 0x8f) return 2 * (tag & 0x0f)
  if (tag <= 0x9f) return tag & 0x0f
  switch (tag) {
    case 0xdc:
      return view.getUint16(place + 1)
    case 0xdd:
      return view.getUint32(place + 1)
    case 0xde:
      return 2 * view.getUint16(place + 1)
    case 0xdf:
      return 2 * view.getUint32(place + 1)
    default:
      return 0
  }
}

/** For the tags 0xc0 to 0xdf: nil, –, false, true, bin 8–32, ext 8–32, float 32–64, uint 8–64, int 8–64, fixext 1–16, str 8–32, array 16–32, map 16–32. */
const HEAD_BYTES = [
  1, 1, 1, 1, 2, 3, 5, 3, 4, 6, 5, 9, 2, 3, 5, 9, 2, 3, 5, 9, 3, 4, 6, 10, 18, 2, 3, 5, 3, 5, 3, 5,
]
/** How many bytes of the head tell the length of what follows; none for the others. */
const LENGTH_BYTES = [
  0, 0, 0, 0, 1, 2, 4, 1, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 0, 0, 0, 0,
]
