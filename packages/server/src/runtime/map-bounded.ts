/** Maps items through `act`, at most `limit` at a time; results in the items' order. The first rejection rejects all, after those under way have ended. */
export async function mapBounded<Item, Result>(
  items: readonly Item[],
  limit: number,
  act: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = Array.from({ length: items.length })
  let next = 0
  async function work(): Promise<void> {
    while (next < items.length) {
      const index = next++
      results[index] = await act(items[index] as Item, index)
    }
  }
  const outcomes = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, work))
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return results
}
