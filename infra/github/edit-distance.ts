/** How many letters must be changed, added or left out to make one text of another (Levenshtein's distance). */
function editDistance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...one].entries()) {
    const line = [row + 1];
    for (const [column, counterpart] of [...other].entries()) {
      const [left = 0, top = 0, diagonal = 0] = [line[column], above[column + 1], above[column]];
      line.push(Math.min(left + 1, top + 1, diagonal + (letter === counterpart ? 0 : 1)));
    }
    above = line;
  }
  return above.at(-1) ?? 0;
}

/** Those that somebody may have meant, the nearest first, three at most. Letters' case is nothing to it. */
export function nearestNames(wrong: string, names: readonly string[]): string[] {
  const furthest = Math.max(2, Math.ceil(wrong.length / 3));
  return names
    .map((name) => ({ name, distance: editDistance(wrong.toLowerCase(), name.toLowerCase()) }))
    .filter(({ distance }) => distance <= furthest)
    .sort((left, right) => left.distance - right.distance || (left.name < right.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}
