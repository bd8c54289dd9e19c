/**
 * Works on up to `ahead` items at once and gives the results in the order of the items. A failed item throws when its turn
 * comes; the caller may stop at any point, and what is under way is then left to end by itself.
 */
export async function* mapInOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  ahead: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = []
  for await (const item of items) {
    const result = work(item)
    // Its turn to throw comes later; until then it must not count as unhandled.
    result.catch(() => undefined)
    underWay.push(result)
    if (underWay.length >= ahead) yield await underWay.shift()!
  }
  while (underWay.length > 0) yield await underWay.shift()!
}
