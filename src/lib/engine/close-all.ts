/** Closes what was opened, one after the other. What could not be opened needs no closing. */
export async function closeAll(
  opened: readonly (Promise<{close(): Promise<void>}> | undefined)[],
): Promise<void> {
  const there = opened.filter((one) => one !== undefined)
  for (const one of await Promise.allSettled(there)) if (one.status === 'fulfilled') await one.value.close()
}
