/** So many photos are decoded side by side, on the threads of the image library, while one is looked at. */
const AT_ONCE = 8;

/** The results of asynchronous work on each item, in the order of the items, a few at a time. */
export async function sideBySide<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  }
  return results;
}
